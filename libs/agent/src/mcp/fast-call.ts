// The hot path: a well-formed `tools/call` of protocol 2026-07-28, answered without the SDK.
// Whatever is not exactly well-formed is left to the SDK, whose answer then is the specified error.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonContentType, PROTOCOL_VERSION_META_KEY, SERVER_INFO_META_KEY } from '@modelcontextprotocol/server';
import type { CatalogueEntry } from './catalogue.js';
import { isClientMeta, isRequestId, onlyRequestMembers } from './envelope.js';
import { isObject, type RequestId } from './json-rpc.js';
import type { McpServices } from './mcp-server.js';
import { progressOf } from './progress.js';
import type { Caller, ToolResult } from './tool-caller.js';

export const MODERN_VERSION = '2026-07-28';
/** A comment keeps proxies from closing a quiet stream. */
const KEEP_ALIVE_MS = 15_000;

export interface FastCall {
  readonly id: RequestId;
  readonly entry: CatalogueEntry;
  readonly args: Record<string, unknown>;
  readonly progressToken: RequestId | undefined;
}

/** The call, when request and body are well-formed in every respect; else undefined. */
export function asFastCall({ headers }: IncomingMessage, body: unknown, services: McpServices): FastCall | undefined {
  if (!isObject(body) || body.method !== 'tools/call' || body.jsonrpc !== '2.0' || !isRequestId(body.id))
    return undefined;
  const params = body.params;
  if (!isObject(params) || !isObject(params._meta) || typeof params.name !== 'string') return undefined;
  const { name, arguments: args = {}, _meta: meta } = params;
  if (
    !isObject(args) ||
    !onlyRequestMembers(body) ||
    !isClientMeta(meta) ||
    'inputResponses' in params ||
    'requestState' in params
  )
    return undefined;
  const sameHeaders =
    meta[PROTOCOL_VERSION_META_KEY] === MODERN_VERSION &&
    headers['mcp-protocol-version'] === MODERN_VERSION &&
    headers['mcp-method'] === 'tools/call' &&
    headers['mcp-name'] === name &&
    isJsonContentType(headers['content-type']);
  const entry = sameHeaders ? services.catalogue.find(name) : undefined;
  if (entry === undefined) return undefined;
  const { progressToken } = meta;
  return {
    id: body.id,
    entry,
    args,
    progressToken: isRequestId(progressToken) ? progressToken : undefined,
  };
}

/** Runs the call. A client that closes the response cancels it: that is how this protocol says so. */
export async function answerFastCall(
  call: FastCall,
  caller: Caller,
  services: McpServices,
  res: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  res.once('close', onClose);
  const stream = call.progressToken === undefined ? undefined : progressStream(res, call.progressToken);
  const result = await services.caller.call({
    caller,
    entry: call.entry,
    args: call.args,
    signal: gone.signal,
    onProgress: stream?.send,
  });
  res.off('close', onClose);
  if (res.destroyed) return;
  const text = envelope(call.id, result, services);
  if (stream?.opened() === true) return stream.end(text);
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
}

const envelope = (id: RequestId, result: ToolResult, { identity }: McpServices): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id,
    result: {
      ...result,
      resultType: 'complete',
      _meta: { [SERVER_INFO_META_KEY]: { name: identity.name, title: identity.title, version: identity.version } },
    },
  });

/** Opens an event stream with the first progress, so that a call without any stays one JSON body. */
function progressStream(res: ServerResponse, token: RequestId) {
  const params = progressOf(token);
  let keepAlive: NodeJS.Timeout | undefined;
  const write = (text: string): void => void res.write(`event: message\ndata: ${text}\n\n`);
  return {
    opened: () => keepAlive !== undefined,
    send: (chunk: unknown): void => {
      if (res.destroyed) return;
      if (keepAlive === undefined) {
        res.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-cache, no-transform',
          'x-accel-buffering': 'no',
        });
        keepAlive = setInterval(() => res.write(': keep-alive\n\n'), KEEP_ALIVE_MS);
        res.once('close', () => clearInterval(keepAlive));
      }
      write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params: params(chunk) }));
    },
    end: (text: string): void => {
      write(text);
      res.end();
    },
  };
}
