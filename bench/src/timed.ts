// Times of many runs, one after the other, and what is said of them.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Runs between two turns of the event loop: what else the process has to do is done meanwhile, as where requests come in. */
const RUNS_A_TURN = 4;

/** Microseconds of each run, sorted. */
export async function timed(count: number, run: (at: number) => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const started = performance.now();
    await run(at);
    times.push((performance.now() - started) * 1_000);
    if (at % RUNS_A_TURN === 0) await nextTurn();
  }
  return times.sort((a, b) => a - b);
}

/** @param sorted ascending */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;

export const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
