// One request of MCP 2026-07-28 and its answer, over node:http: a command that calls a known tool needs no more, and waits neither
// for a client library nor for a handshake. Progress, questions and older eras are the client's (sdk-client.ts).
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type Attempt, httpFailure, lateFailure, protocolFailure, unreachable } from './failure.js';

const PROTOCOL = '2026-07-28';
const HTTP_SAYS_WHY: ReadonlySet<number> = new Set([401, 403, 413, 429]);

export interface WireOptions extends Attempt {
  readonly endpoint: URL;
  readonly token: string | undefined;
  readonly version: string;
  readonly timeoutMs: number;
}

interface Answer {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** The result of one JSON-RPC request. @throws AppError, whatever goes wrong */
export async function ask(method: string, params: { name?: string } & object, options: WireOptions): Promise<unknown> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': PROTOCOL,
    'io.modelcontextprotocol/clientInfo': { name: 'labmesh', version: options.version },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': PROTOCOL,
    'mcp-method': method,
    ...(params.name === undefined ? {} : { 'mcp-name': params.name }),
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } });
  const { status, text, events } = await post(headers, body, options);
  const answer = events ? lastOf(text) : parsed(text);
  if (HTTP_SAYS_WHY.has(status) || status >= 500) throw httpFailure({ status, text }, options);
  if (answer?.error !== undefined) throw protocolFailure(answer.error.code, answer.error.message);
  if (status !== 200 || answer?.result === undefined) throw httpFailure({ status, text }, options);
  return answer.result;
}

async function post(headers: Record<string, string>, body: string, options: WireOptions) {
  const url = options.endpoint;
  const late = AbortSignal.timeout(options.timeoutMs);
  const send = url.protocol === 'https:' ? (await import('node:https')).request : httpRequest;
  try {
    const res = await new Promise<IncomingMessage>((resolve, reject) => {
      const signal = AbortSignal.any([options.signal, late]);
      send(url, { method: 'POST', headers, signal }, resolve).on('error', reject).end(body);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of res) chunks.push(chunk as Buffer);
    return {
      status: res.statusCode ?? 0,
      text: Buffer.concat(chunks).toString('utf8'),
      events: res.headers['content-type']?.startsWith('text/event-stream') === true,
    };
  } catch (cause) {
    throw late.aborted ? lateFailure(options, cause) : unreachable(options, cause);
  }
}

/** The message of an event stream that answers: what comes before it is news that nobody asked for. */
const lastOf = (stream: string): Answer | undefined =>
  stream
    .split(/\r?\n\r?\n/)
    .map((event) => event.split(/\r?\n/).flatMap((line) => (line.startsWith('data:') ? [line.slice(5)] : [])))
    .map((data) => parsed(data.join('\n')))
    .findLast((message) => message !== undefined && message.id !== undefined);

function parsed(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
