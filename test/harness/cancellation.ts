// How long after its client closed a call the agent's work ends. The agent's own audit record says when that was.
import type { LabUnderTest } from './lab-under-test.js';

interface Recorded {
  readonly tool: string;
  readonly outcome: string;
  readonly at: string;
}

const TRIES = 3;

/** The shortest of a few tries, milliseconds: a busy machine may delay any one of them. */
export async function cancelledAfterMs(lab: LabUnderTest): Promise<number> {
  await using operator = await lab.connect(lab.operatorToken());
  const newest = async (): Promise<Recorded[]> =>
    (await operator.call<{ records: Recorded[] }>('sentinel_audit_log_stream', { limit: 100, outcome: 'cancelled' }))
      .records;
  const took: number[] = [];
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const before = (await newest()).length;
    const aborter = new AbortController();
    const following = operator.client.callTool(
      { name: 'sentinel_audit_log_stream', arguments: { followSeconds: 60 } },
      { signal: aborter.signal },
    );
    following.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    const closed = Date.now();
    aborter.abort();
    took.push(await ended(newest, before, closed));
  }
  return Math.min(...took);
}

async function ended(newest: () => Promise<Recorded[]>, before: number, closed: number): Promise<number> {
  for (let wait = 0; wait < 100; wait += 1) {
    const records = await newest();
    const last = records.at(-1);
    if (records.length > before && last !== undefined) return Date.parse(last.at) - closed;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the call that its client closed was never recorded as cancelled');
}
