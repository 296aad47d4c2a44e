// Who made the MCP request that a handler answers.

import { AppError, type Principal } from '@labmesh/contracts';
import type { ServerContext } from '@modelcontextprotocol/server';
import type { RequestWatch } from '../request-watch.js';
import type { OwnSession } from '../sessions/session-record.js';
import type { ToolScope } from './toolset-scope.js';

/** The endpoint puts the authenticated caller into `authInfo.extra`; a request without it never reaches a handler. */
export function identify(context: ServerContext): Caller {
  const caller = context.http?.authInfo?.extra?.caller;
  if (caller === undefined) throw new AppError('unauthenticated', 'No caller is known for this request');
  return caller as Caller;
}

export interface Caller {
  readonly principal: Principal;
  readonly credential: string;
  /** What the connection asked for; everything when left out. */
  readonly scope?: ToolScope | undefined;
  /** The session the request came in, in the eras that have sessions. */
  readonly session?: OwnSession | undefined;
  /** The request this caller makes now; its ids travel with the call. */
  readonly watch?: RequestWatch | undefined;
}
