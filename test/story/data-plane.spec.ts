// Bytes in and out of a lab in one process.
import { expect } from 'vitest';
import { SECOND } from '../harness/rounds.js';
import { operatedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { anySize, inAndOut, notTaken, withdrawnEnds } from './data-plane.story.js';

const shared = operatedLab();
const { lab } = shared;

verifies('bytes:in-and-out', () => inAndOut(lab, shared.operator, [lab.url, lab.url]));
verifies('bytes:any-size', () => anySize(lab, shared.operator));
verifies('bytes:bounded', () => notTaken(lab, shared.operator));
verifies('tokens:revoked', async () => {
  expect(await withdrawnEnds(lab, shared.operator)).toBeLessThanOrEqual(SECOND);
});
