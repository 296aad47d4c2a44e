// Runs a synchronous function for at most so long. The one guard that also stops a regular expression or a
// schema that never ends. For code whose half-done work can be thrown away: never for anything that writes.
import { createContext, Script } from 'node:vm';

export interface Timebox {
  readonly limitMs: number;
  /** The error to throw when the time is up. */
  readonly tooSlow: () => Error;
}

const call = new Script('work()');

/** What `work` answers. Whatever it throws passes through; the time limit covers everything it calls. */
export function timeboxed<T>(work: () => T, { limitMs, tooSlow }: Timebox): T {
  try {
    return call.runInContext(createContext({ work }), { timeout: limitMs }) as T;
  } catch (thrown) {
    if ((thrown as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw tooSlow();
    throw thrown;
  }
}
