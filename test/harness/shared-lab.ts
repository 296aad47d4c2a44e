// One lab for all stories in one process that leave it as it was. Each has wallets of its own; what would be missed by another
// story (a crash, a policy that stays, a key that is changed) needs a lab of its own: oneProcessLab.
import { inject } from 'vitest';
import { type Lab, labAt, type Place } from './lab-under-test.js';

declare module 'vitest' {
  export interface ProvidedContext {
    lab: Place;
  }
}

/** The lab that shared-lab.setup.ts has started. */
export const sharedLab = (): Lab => labAt(inject('lab'));
