// The SDK's server for everything but the hot path: discovery, lists, sessions, error envelopes. One instance per exchange or session.
import { logMessageIn, RECEIPT_META_KEY } from '@labmesh/contracts';
import type { CallToolRequest } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode, Server, type ServerContext } from '@modelcontextprotocol/server';
import type { Authenticator } from '../identity/authenticator.js';
import { callerOf } from './caller-of.js';
import type { Catalogue } from './catalogue.js';
import { askingClient } from './input-required.js';
import type { Offers } from './offers.js';
import { progressOf } from './progress.js';
import { serveCompletions, servePrompts } from './prompt-requests.js';
import { refuseCursor, serveResources } from './resource-requests.js';
import { serveLogLevel, serveSubscriptions } from './resource-subscriptions.js';
import { isWanted } from './sessions/session-record.js';
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
  readonly authenticator: Authenticator;
}

/** How long a client may keep a list (milliseconds); it is private because it depends on the caller's rights. */
const LIST_TTL_MS = 30_000;
export const LISTED = { ttlMs: LIST_TTL_MS, cacheScope: 'private' } as const;
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
        logging: {},
        ...(resources ? { resources: { subscribe: true, listChanged: true } } : {}),
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
  server.setRequestHandler('tools/list', ({ params }, context) => {
    refuseCursor(params?.cursor);
    const { principal, scope } = callerOf(context);
    return { tools: [...catalogue.listFor(principal, scope)] };
  });
  server.setRequestHandler('tools/call', (request, context) => callTool(services, request, context));
  serveLogLevel(server);
  if (resources) serveResources(server, services);
  if (resources) serveSubscriptions(server, services);
  if (prompts) servePrompts(server, services);
  if (resources || prompts) serveCompletions(server, services);
  return server;
}

async function callTool(
  services: McpServices,
  request: CallToolRequest,
  context: ServerContext,
): Promise<Record<string, unknown> & { content: [] }> {
  const { name, arguments: args = {} } = request.params;
  const entry = services.catalogue.find(name);
  const caller = callerOf(context);
  if (entry === undefined) {
    caller.watch?.failed('unknown_tool');
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name}`);
  }
  const { signal } = context.mcpReq;
  const result = await askingClient(services, context, {
    operation: `${entry.agent}.${entry.tool}`,
    args,
    run: async (answers) => {
      const onProgress = messagesTo(context, entry.agent);
      const request = { caller, entry, args, signal, onProgress, answers, canAsk: true };
      const { result, receipt } = await services.caller.call(request);
      return receipt === undefined ? result : { ...result, _meta: { [RECEIPT_META_KEY]: receipt } };
    },
  });
  return result as never;
}

/** What a streaming tool yields, as notifications: its log, and its progress when the client asked for it. */
function messagesTo(context: ServerContext, agent: string): (chunk: unknown) => void {
  const { mcpReq } = context;
  const { session } = callerOf(context);
  const token = mcpReq._meta?.progressToken;
  const params = token === undefined ? undefined : progressOf(token);
  const send = async (chunk: unknown): Promise<void> => {
    const message = logMessageIn(chunk);
    if (message !== undefined) {
      // What a request of 2026-07-28 asked for the SDK knows; a session remembers it, at every replica.
      if (!isWanted(message.level, session?.logLevel ?? null)) return;
      return mcpReq.log(message.level, message.data, message.logger ?? agent);
    }
    if (params !== undefined) await mcpReq.notify({ method: 'notifications/progress', params: params(chunk) });
  };
  // A client that is gone is told to the handler by its signal.
  return (chunk) => void send(chunk).catch(() => {});
}
