// The audit log as evidence: receipts, proofs, and checks that need no lab.
import { afterAll, beforeAll } from 'vitest';
import { type LabUnderTest, oneProcessLab } from '../harness/lab-under-test.js';
import { provenCalls } from '../harness/receipts.js';
import { verifies } from '../requirements.js';

let lab: LabUnderTest;
beforeAll(async () => {
  lab = await oneProcessLab();
});
afterAll(() => lab?.[Symbol.asyncDispose]());

verifies('audit:provable', () => provenCalls(lab));
