// One call of an operation for whoever made an MCP request: same rights, pass, places and cancellation as a tool's.
// The request was charged when it came in, however many agents it asks.

import { type Answers, type NamedTool, toAppError } from '@labmesh/contracts';
import type { InputRequiredResult, ProtocolError, ServerContext } from '@modelcontextprotocol/server';
import { identify } from '../callers/caller.js';
import type { McpServices } from '../endpoint-services.js';
import { askingClient } from './input-required.js';

/** The agent's answer, which fits the operation's output. @throws AppError, as the agent or what stood before it said */
export async function ask<T>(
  { resourcesAndPrompts, calls }: McpServices,
  context: ServerContext,
  { operation, args, answers }: { operation: NamedTool; args: unknown; answers?: Answers | undefined },
): Promise<T> {
  const answer = await calls.ask({
    caller: identify(context),
    entry: resourcesAndPrompts.entry(operation),
    args,
    answers,
    signal: context.mcpReq.signal,
    charged: true,
  });
  return answer as T;
}

/** As `ask`, for what may ask the client first: `prompts/get` and `resources/read`. @throws as `failure` makes it */
export async function askInTurns<T>(
  services: McpServices,
  context: ServerContext,
  { operation, args, failure }: { operation: NamedTool; args: unknown; failure: (thrown: unknown) => ProtocolError },
): Promise<T | InputRequiredResult> {
  try {
    return await askingClient(services, context, {
      operation: `${operation.agent}.${operation.tool}`,
      args,
      run: (answers) => ask<T>(services, context, { operation, args, answers }),
    });
  } catch (error) {
    throw failure(noted(context, error));
  }
}

/** Tells whoever watches the request that it failed, though its HTTP status will not say so; gives the failure back. */
export function noted(context: ServerContext, failure: unknown): unknown {
  identify(context).watch?.failed(toAppError(failure).code);
  return failure;
}
