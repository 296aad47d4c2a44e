// Tool calls as bytes on keep-alive connections, without an SDK: what a load balancer in front of gateways would send.
import { type Agent, type IncomingMessage, request } from 'node:http';
import { type CallResult, said } from '@labmesh/testing';

const VERSION = '2026-07-28';
const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientCapabilities': {},
};

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What the tool said, or the whole body when it is no tool's. */
  readonly body: Record<string, unknown>;
  readonly isError: boolean;
  /** Of the result. */
  readonly meta: Record<string, unknown>;
}

export interface RawTarget {
  readonly url: string;
  readonly token: string | undefined;
  readonly agent?: Agent;
  /** What stands behind the path, such as `?toolsets=all`. */
  readonly query?: string;
}

/**
 * A request as far as its answer's head: status and headers are there, the rest may come or not. One that went out on a
 * kept connection just as the server closed it was never read, and goes out once more: HTTP clients do so.
 */
function head(target: RawTarget, method: string, params: Record<string, unknown>) {
  const { url, token, agent, query = '' } = target;
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { _meta: META, ...params } });
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': VERSION,
    'mcp-method': method,
    ...(typeof params.name === 'string' ? { 'mcp-name': params.name } : {}),
  };
  return new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method: 'POST', headers, ...(agent === undefined ? {} : { agent }) };
    const sent = request(`${url}/mcp${query}`, options, resolve);
    sent.once('error', (error: NodeJS.ErrnoException) => {
      if (sent.reusedSocket && error.code === 'ECONNRESET')
        head({ url, token, query }, method, params).then(resolve, reject);
      else reject(error);
    });
    sent.end(body);
  });
}

/** One request of protocol 2026-07-28. @throws what the connection threw */
export async function rawRequest(
  target: RawTarget,
  method: string,
  params: Record<string, unknown> = {},
): Promise<RawAnswer> {
  const res = await head(target, method, params);
  let text = '';
  for await (const chunk of res) text += (chunk as Buffer).toString('utf8');
  const json = jsonOf(text);
  const result = json.result as CallResult | undefined;
  return {
    status: res.statusCode ?? 0,
    headers: res.headers,
    body: result?.structuredContent === undefined && result?.isError !== true ? json : said(result),
    isError: result?.isError === true,
    meta: result?._meta ?? {},
  };
}

/** A request whose answer stays open until `end`. */
export async function rawStream(target: RawTarget, method: string, params: Record<string, unknown>) {
  const res = await head(target, method, params);
  res.on('error', () => {});
  const closed = new Promise<void>((resolve) => res.once('close', resolve));
  res.resume();
  return { status: res.statusCode ?? 0, headers: res.headers, closed, end: () => void res.destroy() };
}

export const rawCall = (target: RawTarget, name: string, args: Record<string, unknown> = {}): Promise<RawAnswer> =>
  rawRequest(target, 'tools/call', { name, arguments: args });

function jsonOf(text: string): Record<string, unknown> {
  // One event is all that these requests ever get.
  const data = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  try {
    return JSON.parse(data) as Record<string, unknown>;
  } catch {
    return { text };
  }
}
