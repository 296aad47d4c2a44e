// Who made the MCP request that a handler answers.
import { AppError } from '@labmesh/contracts';
import type { ServerContext } from '@modelcontextprotocol/server';
import type { Caller } from './tool-caller.js';

/** The endpoint puts the authenticated caller into `authInfo.extra`; a request without it never reaches a handler. */
export function callerOf(context: ServerContext): Caller {
  const caller = context.http?.authInfo?.extra?.caller;
  if (caller === undefined) throw new AppError('unauthenticated', 'No caller is known for this request');
  return caller as Caller;
}
