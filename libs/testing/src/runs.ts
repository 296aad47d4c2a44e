// How many cases of chance a test tries: a fifth in each run, all of them before a release and by hand (LABMESH_TEST_FULL=1).
const PART = 5;

/** @param full how many there are when time does not matter */
export const runs = (full: number): number => (process.env.LABMESH_TEST_FULL === '1' ? full : Math.ceil(full / PART));
