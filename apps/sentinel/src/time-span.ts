// A stretch of time that somebody asks about. One that ends before it begins would be answered with nothing, as if nothing had been.
import { AppError } from '@labmesh/contracts';

export interface TimeSpan {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * @param what could not be done, such as "search the audit log"
 * @throws AppError invalid_input for a span without any time in it
 */
export function checkSpan({ from, to }: TimeSpan, what: string): void {
  if (from === undefined || to === undefined || Date.parse(from) < Date.parse(to)) return;
  throw new AppError(
    'invalid_input',
    `Cannot ${what}: no time is from ${from} on and before ${to}. Give "from" the earlier one.`,
  );
}
