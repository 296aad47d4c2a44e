// The stream of audit events of a lab in one process.
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { auditStream } from '../harness/audit-events.js';
import { type LabUnderTest, oneProcessLab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';
import { cutAndResumed, eventAfterMs, refusals, withdrawnEndsMs } from './audit-live.story.js';

let lab: LabUnderTest;
let operator: LabClient;
beforeAll(async () => {
  lab = await oneProcessLab();
  operator = await lab.connect(lab.operatorToken());
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await lab?.[Symbol.asyncDispose]();
});

verifies('audit:live', async () => {
  expect(await eventAfterMs(lab, operator)).toBeLessThanOrEqual(1_000);
});

verifies('audit:live', () => cutAndResumed(lab, operator));

verifies('audit:live', async () => {
  expect(await withdrawnEndsMs(lab, operator)).toBeLessThanOrEqual(1_000);
});

verifies('audit:live', () => refusals(lab, operator));

verifies('audit:live', async () => {
  // A credential that ends by itself takes its stream along.
  const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', { ttlSeconds: 10 });
  const stream = await auditStream(lab, token);
  expect(stream.status).toBe(200);
  await stream.closed;
  expect(stream.events.at(-1)).toMatchObject({ event: 'end', data: { code: 'unauthenticated' } });
  expect(stream.retryMs()).toBeGreaterThan(0);
});
