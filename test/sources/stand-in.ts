// A server on this machine that stands for the sources: it answers as each API does, and misbehaves when it is told to.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { RecordedAnswer, RecordedApi, RecordedRequest } from '../../apps/curator/src/recorded/recorded-api.js';

/** What it does in the place of an answer, or to it. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The head says how long the body is, and the connection ends before. */
  | { readonly kind: 'truncated' }
  /** The JSON ends in the middle, and the head says that this is all. */
  | { readonly kind: 'cut-json' }
  | { readonly kind: 'gzip' }
  | { readonly kind: 'cut-gzip' }
  /** A few bytes that unpack to as many as are told. */
  | { readonly kind: 'bomb'; readonly bytes: number }
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  /** A byte every now and then. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  | { readonly kind: 'reset' };

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface StandIn extends AsyncDisposable {
  readonly url: string;
  /** Host and port, as an allow-list has them. */
  readonly host: string;
  /** Every request, oldest first. */
  readonly seen: Seen[];
  /** The next answers, one each; undefined: as it should be. */
  readonly faults: Array<Fault | undefined>;
}

const NOT_FOUND: RecordedAnswer = { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not Found' };

/** Serves these APIs until it is disposed of. */
export async function standIn(...apis: readonly RecordedApi[]): Promise<StandIn> {
  const seen: Seen[] = [];
  const faults: Array<Fault | undefined> = [];
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      response.writeHead(599).end(String(error));
    });
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request);
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    seen.push({ method: request.method ?? '', path: `${url.pathname}${url.search}`, headers: request.headers, body });
    const fault = faults.shift();
    const answer = await answerOf(apis, {
      method: request.method ?? '',
      url,
      headers: request.headers as RecordedRequest['headers'],
      body,
    });
    misbehave(response, { answer, fault });
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    seen,
    faults,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function answerOf(apis: readonly RecordedApi[], request: RecordedRequest): Promise<RecordedAnswer> {
  for (const api of apis) {
    const answer = await api(request);
    if (answer !== undefined) return answer;
  }
  return NOT_FOUND;
}

function misbehave(
  response: ServerResponse,
  { answer, fault }: { answer: RecordedAnswer; fault: Fault | undefined },
): void {
  const body = Buffer.from(answer.body as string);
  const packed = { ...answer.headers, 'content-encoding': 'gzip' };
  switch (fault?.kind) {
    case undefined:
      return void response.writeHead(answer.status, answer.headers).end(answer.status === 304 ? undefined : body);
    case 'status':
      return void response
        .writeHead(fault.status, { 'content-type': 'text/plain', ...fault.headers })
        .end(fault.body ?? 'no');
    case 'truncated':
      response.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length + 100) });
      return void response.write(body.subarray(0, body.length / 2), () => response.destroy());
    case 'cut-json':
      return void response.writeHead(answer.status, answer.headers).end(body.subarray(0, Math.floor(body.length / 2)));
    case 'gzip':
      return void response.writeHead(answer.status, packed).end(gzipSync(body));
    case 'cut-gzip':
      return void response.writeHead(answer.status, packed).end(gzipSync(body).subarray(0, 20));
    case 'bomb':
      return void response.writeHead(200, packed).end(gzipSync(Buffer.alloc(fault.bytes, ' ')));
    case 'redirect':
      return void response.writeHead(fault.status ?? 302, { location: fault.to }).end();
    case 'reset':
      return void response.destroy();
    case 'drip': {
      response.writeHead(answer.status, answer.headers);
      const timer = setInterval(() => response.write(' '), fault.everyMs);
      return void response.on('close', () => clearInterval(timer));
    }
  }
}
