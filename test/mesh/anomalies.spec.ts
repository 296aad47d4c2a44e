// Unusual calls across separate processes, with two replicas of the Sentinel, of which one is killed.
import { describe, expect, it } from 'vitest';
import { mesh } from '../harness/lab-under-test.js';
import { setPolicy } from '../harness/policy.js';
import { anomaliesStory, BLOCKING, guess, newMember, type Report, until } from '../story/anomalies.story.js';

describe('over NATS', () =>
  anomaliesStory(async () => {
    const lab = await mesh();
    await lab.replica('sentinel');
    return lab;
  }));

it('the replica that scores behaviour is killed, and another goes on where it stopped', async () => {
  await using lab = await mesh();
  await using operator = await lab.connect(lab.operatorToken());
  await setPolicy(operator, BLOCKING);
  const first = await newMember(operator);
  const as = (token: string) => ({ url: lab.url, token });
  const isBlocked = ({ body }: { body: Record<string, unknown> }): boolean => body.code === 'forbidden';
  // The only one there is holds the lease.
  expect(isBlocked(await until(() => guess(as(first.token)), isBlocked))).toBe(true);
  await lab.replica('sentinel');
  await lab.child('sentinel').crash();
  const second = await newMember(operator);
  // Some guesses are made while nobody scores; the lease ends within ten seconds.
  for (let round = 0; round < 60; round++) await guess(as(second.token));
  const blocked = await until(() => guess(as(second.token)), isBlocked);
  expect(isBlocked(blocked)).toBe(true);
  expect(isBlocked(await guess(as(first.token)))).toBe(true);
  const { anomalies } = await operator.call<Report>('sentinel_anomaly_report', { model: 'behaviour' });
  expect(anomalies.map(({ walletId, restricted }) => ({ walletId, restricted }))).toEqual([
    { walletId: second.walletId, restricted: true },
    { walletId: first.walletId, restricted: true },
  ]);
});
