// Where the servers of one process put their handlers and its bus finds them. Holds no message longer than its delivery.

import type { PendingCall } from '../pending-call.js';
import type { InProcessContext } from './in-process-context.js';
import { SubjectTable, subjectMatches } from './subject-table.js';

export type Answer = (data: unknown, context: InProcessContext, call: PendingCall) => void;

export interface Delivery {
  readonly durable: boolean;
  deliver(data: unknown, context: InProcessContext): Promise<void>;
}

export class Switchboard {
  readonly requests = new SubjectTable<Answer>();
  readonly events = new SubjectTable<Delivery>();
  readonly #starting = new Set<{ readonly pattern: string }>();

  /** A listener that is known but not yet up; returns what to call when it is. */
  expect(pattern: string): () => void {
    const expected = { pattern };
    this.#starting.add(expected);
    return () => this.#starting.delete(expected);
  }

  isStarting(subject: string): boolean {
    for (const { pattern } of this.#starting) if (subjectMatches(pattern, subject)) return true;
    return false;
  }
}
