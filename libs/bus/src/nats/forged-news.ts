// Tells news from what a store was made to send. Whoever may read a store may have what is in it sent to any subject, past
// their own rights: the broker asks nobody whether the place for an answer is theirs.
import type { MsgHdrs } from '@nats-io/transport-node';
import { subjectMatches } from '../in-process/subject-table.js';

/** Set by the broker on what it reads out of a stream, and by nobody else on news. */
const READ_FROM = 'Nats-Stream';

interface Arrived {
  /** An event that a consumer sends somewhere still has the subject it was told on. */
  readonly subject: string;
  readonly headers?: unknown;
}

/**
 * @param listensTo where it came in
 * @param told the subject that its author wrote into it
 */
export function isForged({ subject, headers }: Arrived, listensTo: string, told: unknown): boolean {
  if (told !== subject) return true;
  if (listensTo !== subject && !subjectMatches(listensTo, subject)) return true;
  return (headers as MsgHdrs | undefined)?.has(READ_FROM) === true;
}
