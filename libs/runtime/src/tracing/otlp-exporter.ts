// Sends finished spans to an OpenTelemetry collector (OTLP over HTTP, JSON), in batches, off the path of any call.
// It never blocks and never throws: when the collector is away or slow, spans are dropped and counted.
import type { Logger } from '../log.js';
import type { Resource } from './conventions.js';
import { otlpJson } from './otlp-json.js';
import type { FinishedSpan, SpanSink } from './tracer.js';

const QUEUE_MAX = 4_096;
const BATCH_MAX = 512;
const LINGER_MS = 1_000;
const REQUEST_MS = 5_000;
/** Pauses before a batch is tried again; after the last one it is dropped. */
const RETRY_AFTER_MS = [500, 2_000];
const CLOSE_MS = 2_000;
/** What the specification calls retryable. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface CollectorAddress {
  /** Whole address, such as `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  /** Sent with each batch; may hold a key, so never logged. */
  readonly headers: Readonly<Record<string, string>>;
}

export class OtlpExporter implements SpanSink {
  #queue: FinishedSpan[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #closing = false;
  #away = false;
  dropped = 0;
  sent = 0;

  constructor(
    private readonly collector: CollectorAddress,
    private readonly resource: Resource,
    private readonly log: Pick<Logger, 'warn' | 'info'>,
  ) {}

  get queued(): number {
    return this.#queue.length;
  }

  add(span: FinishedSpan): void {
    if (this.#queue.length >= QUEUE_MAX || this.#closing) {
      this.dropped += 1;
      return;
    }
    this.#queue.push(span);
    if (this.#queue.length >= BATCH_MAX) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), LINGER_MS).unref();
  }

  /** Sends what is left, for two seconds at most. */
  async close(): Promise<void> {
    this.#flush();
    this.#closing = true;
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      limit = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([this.#sending ?? Promise.resolve(), late]);
    clearTimeout(limit);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = undefined;
    });
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) await this.#deliver(this.#queue.splice(0, BATCH_MAX));
  }

  async #deliver(spans: readonly FinishedSpan[]): Promise<void> {
    const body = otlpJson(this.resource, spans);
    for (let attempt = 0; ; attempt++) {
      const { done, why } = await this.#post(body);
      if (done) {
        this.sent += spans.length;
        if (this.#away) this.log.info({}, 'traces reach the collector again');
        this.#away = false;
        return;
      }
      const pause = RETRY_AFTER_MS[attempt];
      if (why.final || pause === undefined || this.#closing) {
        this.dropped += spans.length;
        if (!this.#away) this.log.warn({ why: why.text }, 'traces cannot be sent; they are dropped and counted');
        this.#away = true;
        return;
      }
      await new Promise<void>((resolve) => void setTimeout(resolve, pause).unref());
    }
  }

  async #post(
    body: string,
  ): Promise<{ done: true; why?: never } | { done: false; why: { text: string; final: boolean } }> {
    try {
      const answer = await fetch(this.collector.url, {
        method: 'POST',
        headers: { ...this.collector.headers, 'content-type': 'application/json' },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_MS),
      });
      await answer.body?.cancel();
      if (answer.ok) return { done: true };
      return { done: false, why: { text: `HTTP ${answer.status}`, final: !RETRYABLE.has(answer.status) } };
    } catch (error) {
      const cause = (error as Error).cause ?? error;
      return { done: false, why: { text: cause instanceof Error ? cause.message : 'failed', final: false } };
    }
  }
}
