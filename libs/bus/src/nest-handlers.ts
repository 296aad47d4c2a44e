// What Nest registers on a server, and what its handlers give back.
import type { BaseRpcContext } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';

/** Event subjects that are kept until every listening agent has handled them. */
export const DURABLE_PREFIX = 'labmesh.event.';
export const DURABLE_SUBJECTS = `${DURABLE_PREFIX}>`;

/** A handler as Nest wraps it: it never rejects by itself, failures come as an Observable that errors. */
export type NestHandler = (data: unknown, context: BaseRpcContext) => Promise<unknown>;

export interface EventListener {
  readonly pattern: string;
  /** Whose listener it is: one replica of each queue gets the event. */
  readonly queue: string;
  /** Kept and redelivered until handled; otherwise told once to whoever is there. */
  readonly durable: boolean;
  readonly handler: NestHandler;
}

/** `queue: ''` asks for every replica, and what every replica gets cannot be kept for one of them. */
export function eventListener(pattern: string, handler: NestHandler, queue: string): EventListener {
  return { pattern, queue, handler, durable: queue !== '' && pattern.startsWith(DURABLE_PREFIX) };
}

/** Runs an event's handler to its end; rejects when it failed. */
export async function runToEnd(handler: NestHandler, data: unknown, context: BaseRpcContext): Promise<void> {
  const outcome = await handler(data, context);
  if (isObservable(outcome)) await lastValueFrom(outcome, { defaultValue: undefined });
}
