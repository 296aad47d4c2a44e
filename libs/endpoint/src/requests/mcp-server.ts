// The SDK's server for everything but the hot path: discovery, lists, sessions, error envelopes. One instance per exchange or session.

import {
  type CallToolRequest,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { identify } from '../callers/caller.js';
import { failedAnswer, wholeResult } from '../calls/tool-result.js';
import { LISTED, type McpServices } from '../endpoint-services.js';
import { answerTooLarge, fitsEvent } from '../wire/event-bounds.js';
import { CallMessages } from './call-messages.js';
import { askingClient } from './input-required.js';
import { serveCompletions, servePrompts } from './prompt-requests.js';
import { LabServer } from './lab-server.js';
import { refuseCursor, serveResources } from './resource-requests.js';
import { serveLogLevel, serveSubscriptions } from './resource-subscriptions.js';

/** What changes with the lab's data is asked anew each time. */
const LIVE = { ttlMs: 0, cacheScope: 'private' } as const;

export function mcpServer(services: McpServices): Server {
  const { identity, catalogue, resourcesAndPrompts } = services;
  const [resources, prompts] = [resourcesAndPrompts.resources.length > 0, resourcesAndPrompts.prompts.length > 0];
  const server = new LabServer(
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
    const { principal, scope, session } = identify(context);
    const tools = catalogue.listFor(principal, scope);
    if (session !== undefined) services.told.note(session, tools);
    return { tools: [...tools] };
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
  const caller = identify(context);
  if (entry === undefined) {
    caller.watch?.failed('unknown_tool');
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name}`);
  }
  const { signal } = context.mcpReq;
  const messages = new CallMessages(context, entry.agent);
  const result = await askingClient(services, context, {
    operation: `${entry.agent}.${entry.tool}`,
    args,
    run: async (answers) => {
      const request = { caller, entry, args, signal, onProgress: messages.take, answers, canAsk: true };
      const result = wholeResult(await services.calls.call(request));
      const fits = !messages.sent || fitsEvent(JSON.stringify(result));
      return fits ? result : wholeResult(failedAnswer(answerTooLarge()));
    },
  });
  return result as never;
}
