// A load generator on raw keep-alive sockets: one fixed request per connection, over and over, for a bounded time.
// Cheap on purpose, so that the server under measurement is what limits.
import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly concurrency: number;
  /** It ends after this time, or with this many requests… */
  readonly seconds: number;
  /** …whichever comes first; without it the time alone ends it. */
  readonly requests?: number | undefined;
  /**
   * Does not sleep between answers. Whoever sends to a process that sleeps pays for waking its core, on a virtual machine a
   * seventh of an answer's CPU; and only who is slower than this process would ever find it asleep. Only for a server of
   * one thread: to others it leaves a core less.
   */
  readonly awake?: boolean | undefined;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of one answer with its head. */
  readonly answerBytes: number;
}

/** @throws an Error when an answer is not 200, or does not hold `expect` */
export async function load(options: LoadOptions, expect: string): Promise<LoadResult> {
  const request = requestBytes(options);
  const latencies: number[] = [];
  let answerBytes = 0;
  const answered = (ms: number, bytes: number): void => {
    latencies.push(ms);
    answerBytes = bytes;
  };
  const started = performance.now();
  const until = started + options.seconds * 1_000;
  let left = options.requests ?? Number.POSITIVE_INFINITY;
  const more = (): boolean => left-- > 0 && performance.now() < until;
  const sleep = options.awake === true ? stayAwake() : () => {};
  await Promise.all(
    Array.from({ length: options.concurrency }, () => worker({ port: options.port, request, more, answered, expect })),
  ).finally(sleep);
  const elapsed = (performance.now() - started) / 1_000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    requests: latencies.length,
    perSecond: latencies.length / elapsed,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    answerBytes,
  };
}

/** Keeps this process from sleeping until what comes back is called. */
function stayAwake(): () => void {
  let next = setImmediate(function again() {
    next = setImmediate(again);
  });
  return () => clearImmediate(next);
}

function requestBytes({ path, headers, body }: LoadOptions): Buffer {
  const all = {
    host: '127.0.0.1',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Whether an answer is all there: by its length, or by the last chunk. */
function isWhole(received: string): boolean {
  const head = received.indexOf('\r\n\r\n');
  if (head === -1) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(received)?.[1];
  return length === undefined ? received.endsWith('0\r\n\r\n') : received.length >= head + 4 + Number(length);
}

interface Work {
  readonly port: number;
  readonly request: Buffer;
  /** Takes one more request from what is to be sent; false when there is none. */
  readonly more: () => boolean;
  readonly answered: (ms: number, bytes: number) => void;
  readonly expect: string;
}

function worker({ port, request, more, answered, expect }: Work): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = '';
    let sentAt = 0;
    const fail = (why: string): void => {
      socket.destroy();
      reject(new Error(`${why}: ${received.slice(0, 500)}`));
    };
    const next = (): void => {
      if (more()) send();
      else {
        socket.end();
        resolve();
      }
    };
    const send = (): void => {
      received = '';
      sentAt = performance.now();
      socket.write(request);
    };
    socket.once('connect', next);
    socket.once('error', (error) => fail(error.message));
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (!isWhole(received)) return;
      if (!received.startsWith('HTTP/1.1 200') || !received.includes(expect)) return fail('wrong answer');
      answered(performance.now() - sentAt, received.length);
      next();
    });
  });
}
