// Jobs that begin together: one size for each gang, room for all of it at once, and no waiting for itself.
import { beforeEach, describe, expect, it } from 'vitest';
import { type Bed, callOf, empty, enroll, invalid, newWallet, submit, submitted } from './bed.js';

export function gangsSuite(bed: () => Bed): void {
  const ada = callOf(newWallet());
  const operator = callOf(newWallet(), 'operator');

  beforeEach(() => empty(bed()));

  describe('of gangs is refused', () => {
    it('jobs of a gang that has another size, until those have ended', async () => {
      await enroll(bed(), 'one');
      const first = await submitted(bed(), ada, { gang: { name: 'g', size: 2 } });
      await expect(submit(bed(), ada, { gang: { name: 'g', size: 3 } })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(`has size 2, not 3, by ${first}`),
      });
      await submit(bed(), callOf(newWallet()), { gang: { name: 'g', size: 3 } });
      await bed().list.cancel({ jobId: first, graceSeconds: 0 }, ada);
      await submit(bed(), ada, { gang: { name: 'g', size: 3 } });
    });

    it('of two sizes of one gang that come at once all but one', async () => {
      await enroll(bed(), 'one', { cpus: 64 });
      const asked = [2, 3, 2, 3, 2, 3].map((size) =>
        submit(bed(), ada, { gang: { name: 'at-once', size } }).then(
          () => size,
          ({ code }: { code: string }) => code,
        ),
      );
      const answers = await Promise.all(asked);
      const sizes = new Set(answers.filter((one) => typeof one === 'number'));
      expect(sizes.size).toBe(1);
      expect(answers.filter((one) => one === 'conflict')).toHaveLength(3);
    });

    it('what its role may not have at once, of a job or of a gang that begins together', async () => {
      await enroll(bed(), 'one', { cpus: 64, gpus: 8 });
      const citizen = callOf(newWallet(), 'citizen');
      const gang = { name: 'g', size: 2 };
      for (const [asked, why] of [
        [{ resources: { cpus: 9 } }, 'it needs 9 CPUs at once, and a wallet of the role citizen may have 8'],
        [{ resources: { gpus: 2 } }, 'it needs 2 GPUs at once'],
        [{ gang: { name: 'g', size: 3 } }, 'its gang g, which begins together, needs 3 jobs at once'],
        [{ gang, resources: { cpus: 5 } }, 'needs 10 CPUs at once'],
      ] as const)
        await expect(submit(bed(), citizen, asked)).rejects.toMatchObject({
          code: 'quota_exceeded',
          message: expect.stringContaining(why) as string,
        });
      await submit(bed(), citizen, { gang, resources: { cpus: 4 } });
      await expect(submit(bed(), citizen, { gang, resources: { cpus: 5 } })).rejects.toMatchObject({
        message: expect.stringContaining('needs 9 CPUs at once') as string,
      });
      await submit(bed(), citizen, { gang, resources: { cpus: 3 } });
      await submit(bed(), citizen, { resources: { cpus: 8, gpus: 1 } });
      await submit(bed(), operator, { resources: { cpus: 9, gpus: 2 } });
    });

    it('a gang of unlike jobs only where not even those that are there fit together', async () => {
      await enroll(bed(), 'one');
      await enroll(bed(), 'two');
      const gang = { name: 'g', size: 3 };
      const large = { gang, resources: { cpus: 4, memoryMb: 64 } };
      const small = { gang, resources: { cpus: 2, memoryMb: 64 } };
      await expect(submit(bed(), ada, large)).rejects.toMatchObject(invalid(/they hold 2 of them.*smaller jobs first/));
      const few = await submitted(bed(), ada, small);
      await submitted(bed(), ada, small);
      await submitted(bed(), ada, large);
      expect(await bed().placement.place()).toHaveLength(3);
      expect((await bed().jobs.find(few))?.state).toBe('starting');
    });

    it('a job of a gang that waits for its own gang, however far round', async () => {
      await enroll(bed(), 'one');
      const [g, h] = [{ gang: { name: 'g', size: 2 } }, { gang: { name: 'h', size: 2 } }];
      const on = (jobId?: string) => ({ after: [{ jobId, on: 'end' as const }] });
      const a = await submitted(bed(), ada, g);
      await expect(submit(bed(), ada, { ...g, ...on(a) })).rejects.toMatchObject(
        invalid(`after ${a}, which is of its`),
      );
      const c = await submitted(bed(), ada, on(a));
      await expect(submit(bed(), ada, { ...g, ...on(c) })).rejects.toMatchObject(
        invalid(`after waits for ${a}, which`),
      );
      const { array } = await submit(bed(), ada, { array: { count: 3 }, ...on(c) });
      await expect(submit(bed(), ada, { ...g, ...on(array?.arrayId) })).rejects.toMatchObject(invalid(a));
      // Another gang that waits for it: whatever waits for one of that waits for all of it.
      await submitted(bed(), ada, { ...h, ...on(a) });
      const other = await submitted(bed(), ada, h);
      await expect(submit(bed(), ada, { ...g, ...on(other) })).rejects.toMatchObject(invalid(a));
      // One that has begun waits for nobody.
      await submitted(bed(), ada, g);
      expect((await bed().placement.place()).length).toBe(2);
      await submit(bed(), ada, { ...g, ...on(c) });
    });
  });
}
