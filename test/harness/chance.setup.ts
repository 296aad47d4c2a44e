// What a test leaves to chance is the same in every run, so that a failure comes again: LABMESH_TEST_SEED=random, or a
// number, looks elsewhere.
import fc from 'fast-check';

const SEED = 20_261_121;

const chosen = process.env.LABMESH_TEST_SEED ?? String(SEED);
if (chosen !== 'random') {
  const seed = Number(chosen);
  if (!Number.isSafeInteger(seed))
    throw new Error(`LABMESH_TEST_SEED is "${chosen}": give a whole number, or "random"`);
  fc.configureGlobal({ seed });
}
