// Points in time as people type them: a day, or a moment with its zone.
import { InvalidArgumentError } from 'commander';

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** "2026-11-21" is its first moment in UTC; "2026-11-21T08:00Z" and "2026-11-21T08:00:00+01:00" are moments. Answers them in UTC. */
export function momentOf(text: string): string {
  const at = MOMENT.test(text) ? new Date(text) : undefined;
  const day = text.slice(0, 10);
  // A day that no month has would be read as another day.
  if (at === undefined || Number.isNaN(at.getTime()) || !new Date(day).toISOString().startsWith(day))
    throw new InvalidArgumentError(
      'Give a day, such as 2026-11-21, or a time with its zone, such as 2026-11-21T08:00:00Z.',
    );
  return at.toISOString();
}
