// The SDK's server for everything but the hot path: discovery, lists, sessions, error envelopes. One instance per exchange or session.
import { AppError } from '@labmesh/contracts';
import type { CallToolRequest } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode, Server, type ServerContext } from '@modelcontextprotocol/server';
import type { Catalogue } from './catalogue.js';
import { progressOf } from './progress.js';
import type { Caller, ToolCaller } from './tool-caller.js';

export interface EndpointIdentity {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly instructions: string;
}

export interface McpServices {
  readonly identity: EndpointIdentity;
  readonly catalogue: Catalogue;
  readonly caller: ToolCaller;
}

/** How long a client may keep a list (milliseconds); it is private because it depends on the caller's rights. */
const LIST_TTL_MS = 30_000;

export function mcpServer(services: McpServices): Server {
  const { identity, catalogue } = services;
  const server = new Server(
    { name: identity.name, title: identity.title, version: identity.version },
    {
      capabilities: { tools: { listChanged: true } },
      instructions: identity.instructions,
      cacheHints: {
        'tools/list': { ttlMs: LIST_TTL_MS, cacheScope: 'private' },
        'server/discover': { ttlMs: LIST_TTL_MS, cacheScope: 'private' },
      },
    },
  );
  server.setRequestHandler('tools/list', (_request, context) => ({
    tools: [...catalogue.listFor(callerOf(context).principal)],
  }));
  server.setRequestHandler('tools/call', (request, context) => callTool(services, request, context));
  return server;
}

async function callTool(
  { catalogue, caller }: McpServices,
  request: CallToolRequest,
  context: ServerContext,
): Promise<Record<string, unknown> & { content: [] }> {
  const { name, arguments: args } = request.params;
  const entry = catalogue.find(name);
  if (entry === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name}`);
  const token = context.mcpReq._meta?.progressToken;
  const params = token === undefined ? undefined : progressOf(token);
  const result = await caller.call({
    caller: callerOf(context),
    entry,
    args: args ?? {},
    signal: context.mcpReq.signal,
    onProgress:
      params &&
      ((chunk) =>
        void context.mcpReq.notify({ method: 'notifications/progress', params: params(chunk) }).catch(() => {})),
  });
  return result as never;
}

/** The endpoint puts the authenticated caller into `authInfo.extra`; a request without it never reaches a handler. */
export function callerOf(context: ServerContext): Caller {
  const caller = context.http?.authInfo?.extra?.caller;
  if (caller === undefined) throw new AppError('unauthenticated', 'No caller is known for this request');
  return caller as Caller;
}
