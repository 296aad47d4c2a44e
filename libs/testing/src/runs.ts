// What a test tries in each run, and what more before a release and by hand (LABMESH_TEST_FULL=1).
const PART = 5;

/** All of what can be tried, however long it takes. */
export const FULL = process.env.LABMESH_TEST_FULL === '1';

/** How many cases of chance: a fifth in each run. @param full how many there are when time does not matter */
export const runs = (full: number): number => (FULL ? full : Math.ceil(full / PART));
