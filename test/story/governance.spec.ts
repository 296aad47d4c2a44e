// Governance in one process.
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll } from 'vitest';
import { sharedLab } from '../harness/shared-lab.js';
import { governanceStory } from './governance.story.js';

const lab = sharedLab();
let operator: LabClient;
beforeAll(async () => {
  operator = await lab.connect(lab.operatorToken());
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
});

governanceStory(() => ({ lab, operator }));
