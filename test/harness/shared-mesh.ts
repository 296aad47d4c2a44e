// One mesh for all mesh stories that leave it as it was: they may start more processes and end those again. What crashes one of
// its own processes, or stops one, has a mesh of its own: runningMesh.
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, inject } from 'vitest';
import { type JoinedMesh, joinedMesh, type MeshPlace } from './lab-under-test.js';

declare module 'vitest' {
  export interface ProvidedContext {
    mesh: { place: MeshPlace; settings: Record<string, string> };
  }
}

export interface SharedMesh {
  readonly lab: JoinedMesh;
  readonly operator: LabClient;
}

/** To be called at the top of a file; its operator is there as soon as tests run. What the file started is stopped after it. */
export function sharedMesh(): SharedMesh {
  const { place, settings } = inject('mesh');
  const shared: { lab: JoinedMesh; operator?: LabClient } = { lab: joinedMesh(place, settings) };
  beforeAll(async () => {
    shared.operator = await shared.lab.connect(shared.lab.operatorToken());
  });
  afterAll(async () => {
    await shared.operator?.[Symbol.asyncDispose]();
    await shared.lab[Symbol.asyncDispose]();
  });
  return shared as SharedMesh;
}
