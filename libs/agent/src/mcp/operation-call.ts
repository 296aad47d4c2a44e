// One call of an operation for whoever made an MCP request: same rights, pass, limits and cancellation as a tool's.
import { type NamedTool, toAppError } from '@labmesh/contracts';
import type { ServerContext } from '@modelcontextprotocol/server';
import { callerOf } from './caller-of.js';
import type { McpServices } from './mcp-server.js';

/** The agent's answer, which fits the operation's output. @throws AppError, as the agent or what stood before it said */
export async function ask<T>(
  { offers, caller }: McpServices,
  context: ServerContext,
  { operation, args }: { operation: NamedTool; args: unknown },
): Promise<T> {
  const answer = await caller.ask({
    caller: callerOf(context),
    entry: offers.entry(operation),
    args,
    signal: context.mcpReq.signal,
  });
  return answer as T;
}

/** Tells whoever watches the request that it failed, though its HTTP status will not say so; gives the failure back. */
export function noted(context: ServerContext, failure: unknown): unknown {
  callerOf(context).watch?.failed(toAppError(failure).code);
  return failure;
}
