// A stream of audit events under a policy: it opens for whoever is given the right, and ends when it is taken away.
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { type AuditStream, auditStream } from '../harness/audit-events.js';
import { newcomer, type Person } from '../harness/follower.js';
import { restoreBuiltIn } from '../harness/policy.js';
import { SECOND } from '../harness/rounds.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { roundsUntilOver } from './audit-live.story.js';

const lab = sharedLab();
let operator: LabClient;
beforeAll(async () => {
  operator = await lab.connect(lab.operatorToken());
});
afterAll(async () => {
  await restoreBuiltIn(operator);
  await operator?.[Symbol.asyncDispose]();
});

const VALIDATOR = ['audit:prove', 'audit:read', 'agent:read', 'knowledge:read', 'wallet:read'];

/** The role of validators may read the log. A new token carries the right. */
async function auditor(): Promise<Person> {
  await operator.call('sentinel_set_policy', { policy: { roles: { validator: VALIDATOR } }, note: 'validators audit' });
  return newcomer(operator, 'validator');
}

/** Rounds until the stream is over, and its last word. */
async function over(stream: AuditStream, take: () => Promise<unknown>) {
  expect(stream.status).toBe(200);
  await take();
  const rounds = await roundsUntilOver(stream, operator);
  return { rounds, last: stream.events.at(-1) };
}

verifies('audit:live', async () => {
  const stream = await auditStream(lab, (await auditor()).token);
  const { rounds, last } = await over(stream, () =>
    operator.call('sentinel_set_policy', { restore: 0, note: 'no more' }),
  );
  expect(rounds).toBeLessThanOrEqual(SECOND);
  expect(last).toMatchObject({
    event: 'end',
    data: { code: 'forbidden', message: expect.stringContaining('audit:read') },
  });
});

verifies('audit:live', async () => {
  const { token, walletId } = await auditor();
  const stream = await auditStream(lab, token);
  const { rounds, last } = await over(stream, () => operator.call('sentinel_set_role', { walletId, role: 'citizen' }));
  expect(rounds).toBeLessThanOrEqual(SECOND);
  expect(last).toMatchObject({ event: 'end', data: { code: 'forbidden' } });
});

verifies('audit:live', async () => {
  const { token } = await auditor();
  const rule = {
    id: 'no-following',
    description: 'The log is read page by page for now.',
    deny: { roles: ['validator'], tools: ['sentinel_audit_log_stream'] },
  };
  const policy = { roles: { validator: VALIDATOR }, rules: [rule] };
  const { last } = await over(await auditStream(lab, token), () =>
    operator.call('sentinel_set_policy', { policy, note: 'a rule' }),
  );
  expect(last).toMatchObject({
    event: 'end',
    data: { code: 'forbidden', message: expect.stringContaining('no-following') },
  });
  expect(await auditStream(lab, token)).toMatchObject({ status: 403, refusal: { code: 'forbidden' } });
});
