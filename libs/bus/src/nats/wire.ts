// Nest's own packets on NATS, so that any Nest client can call: requests {pattern, data, id}, events {pattern, data},
// replies {id, response, err, isDisposed}.
import { AppError, toAppError } from '@labmesh/contracts';
import { errors, type MsgHdrs } from '@nats-io/transport-node';
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

/** What the client, of this very version, asks of headers that it publishes; its types do not say so. */
interface WrittenHeaders extends MsgHdrs {
  encode(): Uint8Array;
}

/**
 * A message's headers, as a client publishes them, in the form that NATS defines (ADR-4). Written at once: the client's own
 * MsgHdrs looks for every name among all others, which made a sixth of what a request leaves for the garbage collector.
 * @throws TypeError for a value that would end its line
 */
export function encodeHeaders(plain: BusHeaders): WrittenHeaders {
  let text = 'NATS/1.0\r\n';
  for (const [name, value] of Object.entries(plain)) {
    if (value.includes('\n') || value.includes('\r')) throw new TypeError(`The header ${name} holds the end of a line`);
    text += `${name}: ${value}\r\n`;
  }
  const bytes = Buffer.from(`${text}\r\n`);
  return { encode: () => bytes } as Partial<WrittenHeaders> as WrittenHeaders;
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
