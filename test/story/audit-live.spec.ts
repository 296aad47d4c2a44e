// The stream of audit events of a lab in one process.
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { auditStream } from '../harness/audit-events.js';
import { SECOND } from '../harness/rounds.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { cutAndResumed, eventAfter, refusals, withdrawnEnds } from './audit-live.story.js';

const lab = sharedLab();
let operator: LabClient;
beforeAll(async () => {
  operator = await lab.connect(lab.operatorToken());
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
});

verifies('audit:live', async () => {
  expect(await eventAfter(lab, operator)).toBeLessThanOrEqual(SECOND);
});

verifies('audit:live', () => cutAndResumed(lab, operator));

verifies('audit:live', async () => {
  expect(await withdrawnEnds(lab, operator)).toBeLessThanOrEqual(SECOND);
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
