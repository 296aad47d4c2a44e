// Work as a clock, for what the lab promises to do soon: rounds of a question and a pause are counted until it is so. A busy
// machine makes a round longer, not more of them, so what counts rounds fails for what the lab does only.
const PAUSE_MS = 10;

/** What fits into a second, and into 100 ms: a round takes its pause at least. */
export const SECOND = 100;
export const TENTH = 10;

/** Nobody waits for ever for what never comes. */
const ROUNDS_MAX = 3_000;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * How many rounds it took until `so` held; 0 when it held at once. Where `so` asks the lab nothing itself, it is to make an
 * ordinary call first: that is what a busy machine stretches.
 * @throws Error when it never held
 */
export async function roundsUntil(so: () => boolean | Promise<boolean>): Promise<number> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if (await so()) return round;
    await pause(PAUSE_MS);
  }
  throw new Error(`it was not so after ${ROUNDS_MAX} rounds`);
}
