// The hot path: a well-formed `tools/call` of protocol 2026-07-28, answered without the SDK.
// Whatever is not exactly well-formed is left to the SDK, whose answer then is the specified error.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Cancellation } from '@labmesh/bus';
import { logMessageIn } from '@labmesh/contracts';
import { LOG_LEVEL_META_KEY } from '@modelcontextprotocol/server';
import type { Caller } from './callers/caller.js';
import { failedAnswer, type ToolAnswer } from './calls/tool-result.js';
import type { CatalogueEntry } from './catalogue/listing.js';
import type { McpServices } from './endpoint-services.js';
import { messageHead, messageTail, modernRequest } from './wire/envelope.js';
import { answerTooLarge, fitsEvent, fittingText } from './wire/event-bounds.js';
import { isObject, isRequestId, type RequestId } from './wire/json-rpc.js';
import { progressOf } from './wire/progress.js';

/** A comment keeps proxies from closing a quiet stream. */
const KEEP_ALIVE_MS = 15_000;

export interface FastCall {
  readonly id: RequestId;
  readonly entry: CatalogueEntry;
  readonly args: Record<string, unknown>;
  readonly progressToken: RequestId | undefined;
}

/** The call, when request and body are well-formed in every respect; else undefined. */
export function asFastCall(req: IncomingMessage, body: unknown, services: McpServices): FastCall | undefined {
  const request = modernRequest(req, body, 'tools/call');
  if (request === undefined) return undefined;
  const { id, params, meta } = request;
  const { name, arguments: args = {} } = params;
  if (typeof name !== 'string' || !isObject(args) || req.headers['mcp-name'] !== name) return undefined;
  if ('inputResponses' in params || 'requestState' in params) return undefined;
  const entry = services.catalogue.find(name);
  if (entry === undefined || mayTalk(entry, meta)) return undefined;
  const { progressToken } = meta;
  return { id, entry, args, progressToken: isRequestId(progressToken) ? progressToken : undefined };
}

/** A tool that may ask the client something, or log to it, needs more than the call's own two messages. */
const mayTalk = ({ spec }: CatalogueEntry, meta: Record<string, unknown>): boolean =>
  spec.errors.includes('input_required') || (spec.progress !== undefined && meta[LOG_LEVEL_META_KEY] !== undefined);

/** Runs the call. A client that closes the response cancels it: that is how this protocol says so. */
export async function answerFastCall(
  call: FastCall,
  caller: Caller,
  services: McpServices,
  res: ServerResponse,
): Promise<void> {
  const gone = new Cancellation();
  res.on('close', () => gone.abort());
  const stream = call.progressToken === undefined ? undefined : progressStream(res, call.progressToken);
  const answer = await services.calls.call({
    caller,
    entry: call.entry,
    args: call.args,
    signal: gone,
    onProgress: stream?.send,
  });
  if (res.destroyed) return;
  const text = envelope(call.id, answer, services);
  if (stream?.opened() === true)
    return stream.end(fitsEvent(text) ? text : envelope(call.id, failedAnswer(answerTooLarge()), services));
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
}

/** Around the result, which has members and closes with a brace, only the id is not the same each time. */
const envelope = (id: RequestId, { result, meta }: ToolAnswer, { identity }: McpServices): string =>
  `${messageHead(id)}${JSON.stringify(result).slice(0, -1)}${messageTail(identity, meta)}`;

/** Opens an event stream with the first progress, so that a call without any stays one JSON body. */
function progressStream(res: ServerResponse, token: RequestId) {
  const params = progressOf(token);
  let keepAlive: NodeJS.Timeout | undefined;
  const write = (text: string): void => void res.write(`event: message\ndata: ${text}\n\n`);
  return {
    opened: () => keepAlive !== undefined,
    send: (chunk: unknown): void => {
      if (res.destroyed || logMessageIn(chunk) !== undefined) return;
      if (keepAlive === undefined) {
        res.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-cache, no-transform',
          'x-accel-buffering': 'no',
        });
        keepAlive = setInterval(() => res.write(': keep-alive\n\n'), KEEP_ALIVE_MS);
        res.once('close', () => clearInterval(keepAlive));
      }
      write(fittingText({ jsonrpc: '2.0', method: 'notifications/progress', params: params(chunk) }));
    },
    end: (text: string): void => {
      write(text);
      res.end();
    },
  };
}
