// Watches one MCP request from its body to the end of its answer: measured, traced, and logged under its call's id.
// It must never hold or tell an argument, a result or a credential.
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  ATTRIBUTES,
  callIdOf,
  type Hop,
  type Logger,
  type Metrics,
  methodLabel,
  parseTrace,
  SPAN_KIND,
  type TraceContext,
  type Tracer,
} from '@labmesh/runtime';
import { isObject } from './wire/json-rpc.js';

export interface WatchServices {
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly log: Logger;
  /** How many are open now; kept by the watches. */
  readonly open: { requests: number; streams: number };
  /** True when the endpoint lists a tool of this name: no other name is ever shown. */
  readonly knows: (tool: string) => boolean;
}

/** Lasts as long as its client likes, so its time says nothing. */
const STREAMS: ReadonlySet<string> = new Set(['subscriptions/listen', 'stream']);

export class RequestWatch {
  readonly #method: string;
  readonly #hop: Hop | undefined;
  readonly #tool: string | undefined;
  #error: { code: string; ofTool: boolean } | undefined;

  constructor(
    private readonly services: WatchServices,
    private readonly exchange: { req: IncomingMessage; res: ServerResponse; body: unknown; started: number },
  ) {
    const { req, res, body } = exchange;
    const message = isObject(body) ? body : {};
    const params = isObject(message.params) ? message.params : {};
    this.#method = req.method === 'GET' ? 'stream' : methodLabel(message.method);
    this.#tool = typeof params.name === 'string' && services.knows(params.name) ? params.name : undefined;
    const meta = isObject(params._meta) ? params._meta : {};
    const parent =
      parseTrace(meta.traceparent, meta.tracestate) ?? parseTrace(req.headers.traceparent, req.headers.tracestate);
    this.#hop = STREAMS.has(this.#method) ? undefined : services.tracer.enter(parent, () => this.#describe());
    services.open[this.isStream ? 'streams' : 'requests'] += 1;
    res.on('close', () => this.#end());
  }

  get callId(): string {
    return callIdOf(this.exchange.res);
  }

  /** What travels on with the request. */
  get trace(): TraceContext | undefined {
    return this.#hop?.context;
  }

  /** The request failed, though its HTTP status may not say so. */
  failed(code: string, ofTool = false): void {
    this.#error = { code, ofTool };
  }

  /** The bindings of a log line about this request. */
  get ids(): { callId: string; traceId?: string } {
    const traceId = this.trace?.traceId;
    return { callId: this.callId, ...(traceId === undefined ? {} : { traceId }) };
  }

  get isStream(): boolean {
    return STREAMS.has(this.#method);
  }

  #describe() {
    const call = this.#method === 'tools/call' && this.#tool !== undefined;
    return {
      name: call ? `${this.#method} ${this.#tool}` : this.#method,
      kind: SPAN_KIND.server,
      attributes: {
        [ATTRIBUTES.mcpMethod]: this.#method,
        [ATTRIBUTES.protocol]: 'http',
        [ATTRIBUTES.transport]: 'tcp',
        [ATTRIBUTES.callId]: this.callId,
        ...(call ? { [ATTRIBUTES.operation]: 'execute_tool', [ATTRIBUTES.tool]: this.#tool ?? '' } : {}),
      },
    };
  }

  #end(): void {
    const { res, started } = this.exchange;
    const { metrics, log, open } = this.services;
    open[this.isStream ? 'streams' : 'requests'] -= 1;
    const status = res.statusCode;
    const code =
      this.#error?.code ?? (!res.writableFinished ? 'cancelled' : status >= 400 ? `http_${status}` : undefined);
    const seconds = (performance.now() - started) / 1_000;
    if (!this.isStream) metrics.request(this.#method, code ?? 'ok', seconds);
    this.#hop?.end({
      failed: code !== undefined,
      attributes: {
        [ATTRIBUTES.httpStatus]: status,
        ...(code === undefined
          ? {}
          : { [ATTRIBUTES.errorType]: this.#error?.ofTool ? 'tool_error' : code, [ATTRIBUTES.errorCode]: code }),
      },
    });
    if (!log.isLevelEnabled('debug')) return;
    const tool = this.#tool === undefined ? {} : { tool: this.#tool };
    log.debug(
      { ...this.ids, method: this.#method, ...tool, outcome: code ?? 'ok', status, seconds },
      'MCP request answered',
    );
  }
}
