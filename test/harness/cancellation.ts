// How soon after its client closed a call the agent's work ends. The agent's own audit record says when that was.
import { expect } from 'vitest';
import type { Lab } from './lab-under-test.js';
import { pause } from './rounds.js';

interface Recorded {
  readonly callId: string;
  readonly at: string;
}

const ROUNDS = 50;
const ORDINARY = 'architect_list_available_templates';

/** How many rounds of an ordinary call and a pause were over before the work ended. */
export async function cancelledAfter(lab: Lab): Promise<number> {
  await using operator = await lab.connect(lab.operatorToken());
  const { cursor: after } = await operator.call<{ cursor: string }>('sentinel_audit_log_stream', { limit: 1 });
  const cancelled = async (): Promise<Recorded[]> =>
    (await operator.call<{ records: Recorded[] }>('sentinel_audit_log_stream', { after, outcome: 'cancelled' }))
      .records;
  const aborter = new AbortController();
  let told = 0;
  const following = operator.client.callTool(
    { name: 'sentinel_audit_log_stream', arguments: { followSeconds: 300, after, limit: 1_000 } },
    { signal: aborter.signal, timeout: 300_000, onprogress: () => void told++ },
  );
  following.catch(() => {});
  // What it tells shows that it is under way.
  await expect
    .poll(async () => {
      await operator.call(ORDINARY);
      return told;
    })
    .toBeGreaterThan(0);
  aborter.abort();
  const overAt: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await operator.call(ORDINARY);
    await pause(10);
    overAt.push(Date.now());
  }
  await expect.poll(async () => (await cancelled()).length).toBe(1);
  const endedAt = Date.parse((await cancelled()).at(-1)?.at ?? '');
  return overAt.filter((at) => at < endedAt).length;
}
