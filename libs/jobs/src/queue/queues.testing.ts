// What the queues of nodes promise, whatever they stand on: what is put in comes to a worker of its node, and a closed end costs nothing.
import { expect, it } from 'vitest';
import type { AttemptQueues, PlacedAttempt } from './attempt-queues.js';

const EMPTY = { waiting: 0, active: 0, failed: 0, oldestMs: null };

let number = 0;
export const attempt = (): PlacedAttempt => {
  number += 1;
  return { jobId: `job_${process.pid}_${number}`, number: 1 };
};

export function queuesSuite(queues: () => AttemptQueues): void {
  const taking = (node: string, take: (one: PlacedAttempt) => Promise<void>, idleMs = 60_000) =>
    queues().take({ node, concurrency: 2, take, idleMs });

  it('counts what waits on all nodes together, and how long the oldest does', async () => {
    expect(await queues().counts([])).toEqual(EMPTY);
    const [one, two] = [attempt(), attempt()];
    await queues().add('count-a', one);
    await queues().add('count-a', one); // the same again is the same
    await queues().add('count.b', two);
    const { oldestMs, ...counts } = await queues().counts(['count-a', 'count.b', 'count-c']);
    expect(counts).toEqual({ waiting: 2, active: 0, failed: 0 });
    expect(oldestMs).toBeGreaterThanOrEqual(0);
    const took: string[] = [];
    const ends = ['count-a', 'count.b'].map((node) => taking(node, async ({ jobId }) => void took.push(jobId)));
    for (const end of ends) end.poke();
    await expect.poll(() => took.sort()).toEqual([one.jobId, two.jobId]);
    await expect.poll(() => queues().counts(['count-a', 'count.b'])).toEqual(EMPTY);
    for (const end of ends) await end.close();
  });

  it('opens at a poke, closes when nothing comes, and opens again', async () => {
    const took: string[] = [];
    const end = taking('lazy', async ({ jobId }) => void took.push(jobId), 50);
    for (let turn = 0; turn < 3; turn++) {
      const one = attempt();
      await queues().add('lazy', one);
      expect(took).not.toContain(one.jobId);
      end.poke();
      await expect.poll(() => took).toContain(one.jobId);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(took).toHaveLength(3);
    await end.close();
  });

  it('brings again what nobody kept, and survives whoever throws', async () => {
    const took: PlacedAttempt[] = [];
    const end = taking('again', async (one) => {
      took.push(one);
      throw new Error('lost');
    });
    const one = attempt();
    await queues().add('again', one);
    end.poke();
    await expect.poll(() => took).toEqual([one]);
    await queues().add('again', one, true);
    await expect.poll(() => took).toEqual([one, one]);
    await expect.poll(() => queues().counts(['again'])).toEqual(EMPTY);
    await end.close();
  });
}
