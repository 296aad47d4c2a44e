// A load generator on raw keep-alive sockets: one fixed request per connection, over and over, for a bounded time.
// Cheap on purpose, so that the server under measurement is what limits.
import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly concurrency: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** @throws an Error when an answer is not 200, or does not hold `expect` */
export async function load(options: LoadOptions, expect: string): Promise<LoadResult> {
  const request = requestBytes(options);
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + options.seconds * 1_000;
  await Promise.all(
    Array.from({ length: options.concurrency }, () =>
      worker({ port: options.port, request, until, latencies, expect }),
    ),
  );
  const elapsed = (performance.now() - started) / 1_000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { requests: latencies.length, perSecond: latencies.length / elapsed, p50Ms: at(0.5), p99Ms: at(0.99) };
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
  readonly until: number;
  readonly latencies: number[];
  readonly expect: string;
}

function worker({ port, request, until, latencies, expect }: Work): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = '';
    let sentAt = 0;
    const fail = (why: string): void => {
      socket.destroy();
      reject(new Error(`${why}: ${received.slice(0, 500)}`));
    };
    const send = (): void => {
      received = '';
      sentAt = performance.now();
      socket.write(request);
    };
    socket.once('connect', send);
    socket.once('error', (error) => fail(error.message));
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (!isWhole(received)) return;
      if (!received.startsWith('HTTP/1.1 200') || !received.includes(expect)) return fail('wrong answer');
      const now = performance.now();
      latencies.push(now - sentAt);
      if (now < until) return send();
      socket.end();
      resolve();
    });
  });
}
