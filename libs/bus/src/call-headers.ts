// Reads a call's headers from whichever context Nest hands to a handler. Never trusts them: that is the guard's work.

import type { MsgHdrs } from '@nats-io/transport-node';
import { type BaseRpcContext, NatsContext } from '@nestjs/microservices';
import { InProcessContext } from './in-process/in-process-context.js';

const NONE: Readonly<Record<string, string>> = Object.freeze({});

/** The headers a request or event came with; a header that came more than once counts with its first value. */
export function headersOf(context: BaseRpcContext): Readonly<Record<string, string>> {
  if (context instanceof InProcessContext) return context.getHeaders();
  if (!(context instanceof NatsContext)) return NONE;
  const headers = context.getHeaders() as MsgHdrs | undefined;
  if (headers === undefined) return NONE;
  const plain: Record<string, string> = {};
  for (const [name, values] of headers) plain[name] = values[0] ?? '';
  return plain;
}
