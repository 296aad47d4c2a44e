// Which parts become one. Sizes are told apart in steps of four: four parts of a step become one of the next, so that an entry is
// copied a few times in all, and a question meets few parts. Only neighbours are merged, as the order of entries is kept.
import type { Part } from './part.js';

/** Below this, parts are merged two by two as they come. */
export const SMALL_PART_ENTRIES = 1_024;
const PARTS_OF_A_STEP = 4;
/** No merge makes a larger part: its bytes stay within what a process can hold beside its work. */
const PART_ENTRIES_MAX = 262_144;

const STEPS = 1 + Math.ceil(Math.log2(PART_ENTRIES_MAX / SMALL_PART_ENTRIES) / 2);

const stepOf = (entries: number): number =>
  entries < SMALL_PART_ENTRIES ? 0 : 1 + Math.floor(Math.log2(entries / SMALL_PART_ENTRIES) / 2);

/** The parts that should become one now, given oldest first; one of which more than half is gone is rewritten alone. */
export function nextMerge(parts: readonly Part[], entriesMax: number): readonly Part[] | undefined {
  const most = Math.min(entriesMax, PART_ENTRIES_MAX);
  for (let step = 0; step < STEPS; step += 1) {
    const run = newestUpTo(parts, step, most);
    if (run.length >= (step === 0 ? 2 : PARTS_OF_A_STEP)) return run;
  }
  const wasted = parts.find(({ entryCount, liveCount }) => entryCount <= most && liveCount * 2 < entryCount);
  return wasted === undefined ? undefined : [wasted];
}

/** The newest parts of at most this step, as many as fit into one. */
function newestUpTo(parts: readonly Part[], step: number, entriesMax: number): readonly Part[] {
  let entries = 0;
  const after = parts.findLastIndex(({ liveCount }) => {
    entries += liveCount;
    return stepOf(liveCount) > step || entries > entriesMax;
  });
  return parts.slice(after + 1);
}
