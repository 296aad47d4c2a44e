// Stores an event in the same transaction as the change it tells of. It must never publish: the Outbox does, later.
import { AppError, type EventRef, eventSubject } from '@labmesh/contracts';
import { v7 as uuidv7 } from 'uuid';
import { Prisma } from '../generated/prisma/client.js';
import { outboxTable } from './outbox-table.js';

/** What an event's schema accepts. */
export type EventPayload<E extends EventRef> = E['payload']['_zod']['input'];

/**
 * Inserts one row into the outbox of the agent the event belongs to and returns the event's id (UUIDv7).
 * The event leaves only if `tx` commits. AppError `internal` when the payload is not what the event declares.
 */
export async function enqueueEvent<E extends EventRef>(
  tx: Prisma.TransactionClient,
  event: E,
  payload: EventPayload<E>,
): Promise<string> {
  const id = uuidv7();
  const parsed = event.payload.safeParse(payload);
  if (!parsed.success) {
    throw new AppError('internal', `Cannot store ${event.agent}.${event.name}: its payload does not fit its schema.`, {
      cause: parsed.error,
    });
  }
  const envelope = JSON.stringify({ id, at: new Date().toISOString(), payload: parsed.data });
  // clock_timestamp, not now(): of two transactions that wait for one another, the second to get here is the later one.
  await tx.$executeRaw`INSERT INTO ${Prisma.raw(outboxTable(event.agent))} (id, subject, payload, created_at)
    VALUES (${id}::uuid, ${eventSubject(event)}, ${envelope}::jsonb, clock_timestamp())`;
  return id;
}
