// What an exit code says where a shell or an engine hands it on: 128 and a signal's number stand for the signal.
import { constants } from 'node:os';
import type { AttemptEnd } from '@labmesh/jobs';

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]));

/** A command that itself ends with such a code cannot be told from one that a signal ended, as in every shell. */
export function exitStatus(code: number): Pick<AttemptEnd, 'exitCode' | 'signal'> {
  return code > 128 && SIGNALS.has(code - 128) ? bySignal(code - 128) : { exitCode: code, signal: null };
}

export const bySignal = (number: number): Pick<AttemptEnd, 'exitCode' | 'signal'> => ({
  exitCode: null,
  signal: SIGNALS.get(number) ?? null,
});
