// Datasets of the promised size, in one process.
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll } from 'vitest';
import { sharedLab } from '../harness/shared-lab.js';
import { datasetStory } from './datasets.story.js';

const lab = sharedLab();
let operator: LabClient;
beforeAll(async () => {
  operator = await lab.connect(lab.operatorToken());
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
});

datasetStory(() => ({ lab, operator }));
