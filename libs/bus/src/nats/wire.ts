// Nest's own packets on NATS, so that any Nest client can call: requests {pattern, data, id}, events {pattern, data},
// replies {id, response, err, isDisposed}.
import { AppError, toAppError } from '@labmesh/contracts';
import { errors, headers, type MsgHdrs } from '@nats-io/transport-node';
import type { BusHeaders } from '../bus.js';
import { brokerAway, tooLarge } from '../rejections.js';

export const requestPacket = (subject: string, data: unknown, id: string): string =>
  JSON.stringify({ pattern: subject, data, id });

export const eventPacket = (subject: string, data: unknown): string => JSON.stringify({ pattern: subject, data });

export interface ReplyPacket {
  readonly response?: unknown;
  readonly err?: unknown;
  readonly isDisposed?: boolean;
}

export function encodeHeaders(plain: BusHeaders): MsgHdrs {
  const encoded = headers();
  for (const [name, value] of Object.entries(plain)) encoded.set(name, value);
  return encoded;
}

/** Why a message did not leave: it was too large, could not be written as JSON, or there is no connection. */
export function publishFailure(thrown: unknown, what: string, subject: string): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof errors.InvalidArgumentError && thrown.message.includes('max_payload'))
    return tooLarge(what, subject);
  if (thrown instanceof TypeError || thrown instanceof errors.InvalidArgumentError) return toAppError(thrown);
  return brokerAway(thrown);
}

/** What `action` gives, or what `failed` makes of what it throws. */
export function attempt<T>(action: () => T, failed: (thrown: unknown) => T): T {
  try {
    return action();
  } catch (thrown) {
    return failed(thrown);
  }
}
