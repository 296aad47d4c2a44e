// The stream of audit events of a lab in one process.
import { expect } from 'vitest';
import { auditStream } from '../harness/audit-events.js';
import { SECOND } from '../harness/rounds.js';
import { operatedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { cutAndResumed, eventAfter, refusals, withdrawnEnds } from './audit-live.story.js';

const shared = operatedLab();
const { lab } = shared;

verifies('audit:live', async () => {
  expect(await eventAfter(lab, shared.operator)).toBeLessThanOrEqual(SECOND);
});

verifies('audit:live', () => cutAndResumed(lab, shared.operator));

verifies('audit:live', async () => {
  expect(await withdrawnEnds(lab, shared.operator)).toBeLessThanOrEqual(SECOND);
});

verifies('audit:live', () => refusals(lab, shared.operator));

verifies('audit:live', async () => {
  // A credential that ends by itself takes its stream along.
  const { token } = await shared.operator.call<{ token: string }>('sentinel_generate_wallet_token', { ttlSeconds: 10 });
  const stream = await auditStream(lab, token);
  expect(stream.status).toBe(200);
  await stream.closed;
  expect(stream.events.at(-1)).toMatchObject({ event: 'end', data: { code: 'unauthenticated' } });
  expect(stream.retryMs()).toBeGreaterThan(0);
});
