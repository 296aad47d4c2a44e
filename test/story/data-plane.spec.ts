// Bytes in and out of a lab in one process.
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { SECOND } from '../harness/rounds.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { anySize, inAndOut, notTaken, withdrawnEnds } from './data-plane.story.js';

const lab = sharedLab();
let operator: LabClient;
beforeAll(async () => {
  operator = await lab.connect(lab.operatorToken());
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
});

verifies('bytes:in-and-out', () => inAndOut(lab, operator, [lab.url, lab.url]));
verifies('bytes:any-size', () => anySize(lab, operator));
verifies('bytes:bounded', () => notTaken(lab, operator));
verifies('tokens:revoked', async () => {
  expect(await withdrawnEnds(lab, operator)).toBeLessThanOrEqual(SECOND);
});
