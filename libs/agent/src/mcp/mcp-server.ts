// The SDK's server for everything but the hot path: discovery, lists, sessions, error envelopes. One instance per exchange or session.
import type { CallToolRequest } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode, Server, type ServerContext } from '@modelcontextprotocol/server';
import { callerOf } from './caller-of.js';
import type { Catalogue } from './catalogue.js';
import type { Offers } from './offers.js';
import { progressOf } from './progress.js';
import { serveCompletions, servePrompts } from './prompt-requests.js';
import { serveResources } from './resource-requests.js';
import type { ToolCaller } from './tool-caller.js';

export interface EndpointIdentity {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly instructions: string;
}

export interface McpServices {
  readonly identity: EndpointIdentity;
  readonly catalogue: Catalogue;
  readonly offers: Offers;
  readonly caller: ToolCaller;
}

/** How long a client may keep a list (milliseconds); it is private because it depends on the caller's rights. */
const LIST_TTL_MS = 30_000;
const LISTED = { ttlMs: LIST_TTL_MS, cacheScope: 'private' } as const;
/** What changes with the lab's data is asked anew each time. */
const LIVE = { ttlMs: 0, cacheScope: 'private' } as const;

export function mcpServer(services: McpServices): Server {
  const { identity, catalogue, offers } = services;
  const [resources, prompts] = [offers.resources.length > 0, offers.prompts.length > 0];
  const server = new Server(
    { name: identity.name, title: identity.title, version: identity.version },
    {
      capabilities: {
        tools: { listChanged: true },
        ...(resources ? { resources: {} } : {}),
        ...(prompts ? { prompts: {} } : {}),
        ...(resources || prompts ? { completions: {} } : {}),
      },
      instructions: identity.instructions,
      cacheHints: {
        'tools/list': LISTED,
        'prompts/list': LISTED,
        'resources/templates/list': LISTED,
        'resources/list': LIVE,
        'resources/read': LIVE,
        'server/discover': LISTED,
      },
    },
  );
  server.setRequestHandler('tools/list', (_request, context) => {
    const { principal, scope } = callerOf(context);
    return { tools: [...catalogue.listFor(principal, scope)] };
  });
  server.setRequestHandler('tools/call', (request, context) => callTool(services, request, context));
  if (resources) serveResources(server, services);
  if (prompts) servePrompts(server, services);
  if (resources || prompts) serveCompletions(server, services);
  return server;
}

async function callTool(
  { catalogue, caller }: McpServices,
  request: CallToolRequest,
  context: ServerContext,
): Promise<Record<string, unknown> & { content: [] }> {
  const { name, arguments: args } = request.params;
  const entry = catalogue.find(name);
  if (entry === undefined) {
    callerOf(context).watch?.failed('unknown_tool');
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name}`);
  }
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
