// The MCP endpoint: for each request a server with the tools that its caller may use, of protocol 2026-07-28 and those before it.
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { type Caller, contract, type ToolName } from '../agent/contract.js';
import { Failure } from '../failure.js';
import { Router } from '../routing/router.js';
import type { Route } from '../routing/routes.js';

/** Of a tool of the lab: what it takes is the lab's to check. */
const Anything = z.looseObject({});

@Injectable()
export class McpEndpoint {
  readonly #handler = createMcpHandler((context) => this.#serverFor(callerOf(context.authInfo?.extra)));

  constructor(private readonly router: Router) {}

  /** A request whose caller is known. */
  readonly fetch = (request: Request, caller: Caller, parsedBody?: unknown): Promise<Response> =>
    this.#handler.fetch(request, {
      parsedBody,
      authInfo: { token: '', clientId: caller.walletId, scopes: [...caller.permissions], extra: { caller } },
    });

  #serverFor(caller: Caller): McpServer {
    const server = new McpServer({ name: 'flares', version: '0.1.0', title: 'Flares, beside the lab' });
    for (const route of this.router.routesOf(caller)) this.#register(server, route, caller);
    return server;
  }

  #register(server: McpServer, { tool, to }: Route, caller: Caller): void {
    const { title, description, input, readOnly } =
      to === 'agent'
        ? contract[tool as ToolName]
        : {
            title: tool,
            description: `The lab’s ${tool}, with this service’s data rights.`,
            input: Anything,
            readOnly: true,
          };
    const config = { title, description, inputSchema: input as z.ZodType, annotations: { readOnlyHint: readOnly } };
    server.registerTool(tool, config, async (given: unknown) => {
      try {
        const structuredContent = await this.router.call(tool, given as Record<string, unknown>, caller);
        return { structuredContent, content: [{ type: 'text' as const, text: JSON.stringify(structuredContent) }] };
      } catch (error) {
        return refused(error);
      }
    });
  }
}

function refused(error: unknown) {
  // What is no Failure is a fault of this service: its words may hold anything, so they stay here.
  const known = error instanceof Failure ? error : new Failure('internal', 'This service failed. Its log says why.');
  if (known !== error) console.error(error);
  const { code, message, hint } = known;
  return {
    isError: true,
    content: [{ type: 'text' as const, text: [`${code}: ${message}`, hint].filter((text) => text !== '').join('\n') }],
    _meta: { 'labmesh/error': { code, message, hint } },
  };
}

function callerOf(extra: Record<string, unknown> | undefined): Caller {
  if (extra?.caller === undefined) throw new Failure('internal', 'A request came in without its caller.');
  return extra.caller as Caller;
}
