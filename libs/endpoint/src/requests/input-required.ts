// A handler that asks the client first, in MCP's words. Protocol 2026-07-28 gets the questions as the result and calls again;
// to the 2025 eras the SDK puts them as requests of its own and calls the handler again. Both come back through here.

import { type Answers, AppError, InputNeeds, toAppError } from '@labmesh/contracts';
import { canonicalHash } from '@labmesh/transparency';
import {
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { identify } from '../callers/caller.js';
import type { McpServices } from '../endpoint-services.js';

export interface Asking {
  /** Whose questions they are: `<agent>.<operation>`. */
  readonly operation: string;
  /** With these arguments; the state of a call with others does not open. */
  readonly args: unknown;
}

/** Runs a handler with what the client answered so far, and turns its questions into a result. */
export async function askingClient<T>(
  services: McpServices,
  context: ServerContext,
  { operation, args, run }: Asking & { readonly run: (answers: Answers | undefined) => Promise<T> },
): Promise<T | InputRequiredResult> {
  const { credential } = identify(context);
  const purpose = `${operation} ${canonicalHash(args)}`;
  const answers = await answersOf(services, context, { credential, purpose });
  try {
    return await run(answers);
  } catch (error) {
    const needs = needsOf(error);
    if (needs === undefined) throw error;
    const { requests, state } = needs;
    // The agent's own words; what is wrong with them the SDK says.
    const inputRequests = requests as InputRequests;
    if (state === undefined) return inputRequired({ inputRequests });
    const requestState = await services.authenticator.sealState(credential, state, purpose);
    return inputRequired({ requestState, ...(Object.keys(requests).length === 0 ? {} : { inputRequests }) });
  }
}

async function answersOf(
  { authenticator }: McpServices,
  { mcpReq }: ServerContext,
  { credential, purpose }: { credential: string; purpose: string },
): Promise<Answers | undefined> {
  const sealed: unknown = mcpReq.requestState();
  const { inputResponses } = mcpReq;
  if (sealed === undefined && inputResponses === undefined) return undefined;
  const responses = { ...inputResponses };
  if (typeof sealed !== 'string') return { responses };
  try {
    return { responses, state: await authenticator.openState(credential, sealed, purpose) };
  } catch (error) {
    if (toAppError(error).code !== 'invalid_input') throw error;
    const reason = { reason: 'invalid_request_state' };
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid or expired requestState', reason);
  }
}

function needsOf(error: unknown): InputNeeds | undefined {
  return error instanceof AppError && error.code === 'input_required'
    ? InputNeeds.safeParse(error.details).data
    : undefined;
}
