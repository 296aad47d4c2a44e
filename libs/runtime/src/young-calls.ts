// How this process's garbage collector is set up. It must never change what the process does, only what that costs.
import { setFlagsFromString } from 'node:v8';

/**
 * Once for a process, before it serves.
 *
 * V8 learns which places in the code make objects that live long, and from then on makes them among the old ones at once. The
 * objects of a call that is under way during a collection look like that, and are not: all that such an old one holds then waits
 * for the next full collection. Without the guess, next to nothing of a call outlives it.
 */
export function setUpCollector(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
