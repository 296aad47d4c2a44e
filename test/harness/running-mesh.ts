// A mesh that runs while the tests of one file do, and its operator: most files of test/mesh begin with it.
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll } from 'vitest';
import { type Mesh, mesh } from './lab-under-test.js';

export interface RunningMesh {
  readonly lab: Mesh;
  readonly operator: LabClient;
}

/** To be called at the top of a file; what it returns has its members as soon as tests run. */
export function runningMesh(settings: Record<string, string> = {}): RunningMesh {
  const running: { lab?: Mesh; operator?: LabClient } = {};
  beforeAll(async () => {
    running.lab = await mesh(settings);
    running.operator = await running.lab.connect(running.lab.operatorToken());
  });
  afterAll(async () => {
    await running.operator?.[Symbol.asyncDispose]();
    await running.lab?.[Symbol.asyncDispose]();
  });
  return running as RunningMesh;
}
