// Wraps an event's payload for its journey.
import type { EventEnvelope } from '@labmesh/contracts';
import { v7 as uuidv7 } from 'uuid';

/** The id makes redelivery harmless, so give the same one when you publish the same event again. */
export function envelopeOf(
  payload: unknown,
  given: { readonly id?: string; readonly at?: string } = {},
): EventEnvelope {
  return { id: given.id ?? uuidv7(), at: given.at ?? new Date().toISOString(), payload };
}
