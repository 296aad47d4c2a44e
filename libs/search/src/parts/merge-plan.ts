// Which parts become one. Sizes are told apart in steps of eight: eight parts of a step become one of the next, so that an entry is
// copied two or three times in all, and a question meets few parts. Only neighbours are merged, as the order of entries is kept. A part's size
// is what its merge costs: its entries, or so many terms for one where they are long.

interface Sized {
  readonly size: number;
  /** Of what is there of it. */
  readonly liveSize: number;
}

/** Below this, parts are merged two by two as they come. */
export const SMALL_PART = 1_024;
const STEP_BITS = 3;
const PARTS_OF_A_STEP = 2 ** STEP_BITS;
/** No merge makes a larger part: its bytes stay within what a process can hold beside its work. */
const PART_MAX = 262_144;
/** Of a passage, about. */
const TERMS_PER_ENTRY = 128;

const STEPS = 1 + Math.ceil(Math.log2(PART_MAX / SMALL_PART) / STEP_BITS);

/** @param terms of all entries together */
export const sizeOf = (entries: number, terms: number): number => Math.max(entries, Math.ceil(terms / TERMS_PER_ENTRY));

const stepOf = (size: number): number =>
  size < SMALL_PART ? 0 : 1 + Math.floor(Math.log2(size / SMALL_PART) / STEP_BITS);

/** The parts that should become one now, given oldest first; one of which more than half is gone is rewritten alone. */
export function nextMerge<P extends Sized>(parts: readonly P[], sizeMax: number): readonly P[] | undefined {
  const most = Math.min(sizeMax, PART_MAX);
  for (let step = 0; step < STEPS; step += 1) {
    const run = newestUpTo(parts, step, most);
    if (run.length >= (step === 0 ? 2 : PARTS_OF_A_STEP)) return run;
  }
  const wasted = parts.find(({ size, liveSize }) => size <= most && liveSize * 2 < size);
  return wasted === undefined ? undefined : [wasted];
}

/** The newest parts of at most this step, as many as fit into one. */
function newestUpTo<P extends Sized>(parts: readonly P[], step: number, sizeMax: number): readonly P[] {
  let size = 0;
  const after = parts.findLastIndex(({ liveSize }) => {
    size += liveSize;
    return stepOf(liveSize) > step || size > sizeMax;
  });
  return parts.slice(after + 1);
}
