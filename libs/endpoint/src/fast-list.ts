// The hot path of a well-formed `tools/list` of protocol 2026-07-28. Clients ask it at each start and change, and its answer is
// long, but the same for all who may do the same: it is written once, compressed too, and only the id is new each time.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from './callers/caller.js';
import type { ListedTool } from './catalogue/listing.js';
import { type EndpointIdentity, LISTED, type McpServices } from './endpoint-services.js';
import { messageTail, modernRequest } from './wire/envelope.js';
import { END_BYTES_MAX, Gzipped, wantsGzip } from './wire/gzipped.js';
import type { RequestId } from './wire/json-rpc.js';

/** The id of the request, when it asks for the whole list and is well-formed in every respect; else undefined. */
export function asFastList(req: IncomingMessage, body: unknown): { readonly id: RequestId } | undefined {
  const request = modernRequest(req, body, 'tools/list');
  if (request === undefined || req.headers['mcp-name'] !== undefined) return undefined;
  // A cursor, or whatever else is asked: the SDK has the answer.
  return Object.keys(request.params).length === 1 ? { id: request.id } : undefined;
}

export function answerFastList(
  { id }: { readonly id: RequestId },
  { principal, scope }: Caller,
  { catalogue, identity }: McpServices,
  res: ServerResponse,
): void {
  const { text, gzipped } = writtenOnce(catalogue.listFor(principal, scope), identity);
  const last = Buffer.from(`,"id":${JSON.stringify(id)}}`);
  const compressed = wantsGzip(res.req.headers['accept-encoding']) && last.length <= END_BYTES_MAX;
  const [start, end] = compressed ? [gzipped.start, gzipped.endingIn(last)] : [text, last];
  res.writeHead(200, [...(compressed ? GZIPPED : PLAIN), 'content-length', String(start.length + end.length)]);
  res.write(start);
  res.end(end);
}

const PLAIN = ['content-type', 'application/json', 'vary', 'accept-encoding'];
const GZIPPED = [...PLAIN, 'content-encoding', 'gzip'];

interface Written {
  readonly text: Buffer;
  readonly gzipped: Gzipped;
}

/** The catalogue gives the same list as long as it holds; so this forgets exactly what the catalogue forgets. */
const written = new WeakMap<readonly ListedTool[], Written>();

/** What stands in the answer before the id. */
function writtenOnce(tools: readonly ListedTool[], identity: EndpointIdentity): Written {
  const known = written.get(tools);
  if (known !== undefined) return known;
  const result = `${JSON.stringify({ tools, ...LISTED }).slice(0, -1)}${messageTail(identity)}`;
  const text = Buffer.from(`{"jsonrpc":"2.0","result":${result.slice(0, -1)}`);
  const once = { text, gzipped: new Gzipped(text) };
  written.set(tools, once);
  return once;
}
