// One lab for all stories in one process that leave it as it was. Each has wallets of its own; what would be missed by another
// story (a crash, a policy that stays, a key that is changed) needs a lab of its own: oneProcessLab.
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, inject } from 'vitest';
import { type Lab, labAt, type Place } from './lab-under-test.js';

declare module 'vitest' {
  export interface ProvidedContext {
    lab: Place;
  }
}

/** The lab that shared-lab.setup.ts has started. */
export const sharedLab = (): Lab => labAt(inject('lab'));

export interface OperatedLab {
  readonly lab: Lab;
  readonly operator: LabClient;
}

/** The same with its operator, who is there as soon as tests run. To be called at the top of a file. */
export function operatedLab(): OperatedLab {
  const shared: { lab: Lab; operator?: LabClient } = { lab: sharedLab() };
  beforeAll(async () => {
    shared.operator = await shared.lab.connect(shared.lab.operatorToken());
  });
  afterAll(async () => {
    await shared.operator?.[Symbol.asyncDispose]();
  });
  return shared as OperatedLab;
}
