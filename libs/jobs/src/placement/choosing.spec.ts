// Which jobs begin, and where: fairness among wallets, priority within one, gangs, and that nothing large waits for ever.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_ENFORCED } from '../bed.testing.js';
import { choose, type JobQuota, type OwnerUse, type View } from './choosing.js';
import type { Room } from './fitting.js';
import type { WaitingJob } from './waiting-job.js';

const NOW = new Date('2026-06-01T12:00:00.000Z');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1_000);

interface Size {
  readonly cpus?: number;
  readonly gpus?: number[];
  readonly total?: { readonly cpus: number; readonly gpus: number };
}
const room = (node: string, { cpus = 4, gpus = [], total = { cpus, gpus: gpus.length } }: Size = {}): Room => ({
  node,
  cpuMilli: cpus * 1_000,
  memoryMb: 16_384,
  gpus,
  executors: [ALL_ENFORCED],
  total: { cpuMilli: total.cpus * 1_000, memoryMb: 16_384, gpus: total.gpus },
});

let number = 0;
const job = (owner: string, more: Partial<WaitingJob> & { cpus?: number; waited?: number } = {}): WaitingJob => {
  const { cpus = 1, waited = 10, ...given } = more;
  number += 1;
  return {
    jobId: `${owner}-${String(number).padStart(4, '0')}`,
    owner,
    role: 'citizen',
    executor: 'process',
    network: false,
    diskMb: 10_240,
    cpuMilli: cpus * 1_000,
    memoryMb: 100,
    gpus: 0,
    priority: 0,
    submittedAt: ago(waited),
    readyAt: ago(waited),
    gang: null,
    gangSize: null,
    attempts: 0,
    ...given,
  };
};
const use = (owner: string, used: number, more: Partial<OwnerUse> = {}): OwnerUse => ({
  ...{ owner, running: 0, cpuMilli: 0, gpus: 0, use: used },
  ...more,
});

const view = (rooms: Room[], waiting: WaitingJob[], more: Partial<View> = {}): View => ({
  rooms,
  waiting,
  uses: [],
  quotaOf: () => ({}),
  now: NOW,
  reserveAfterMs: 30_000,
  ...more,
});
const begun = (of: View): string[] => choose(of).placings.map(({ jobId }) => jobId);

describe('fairness', () => {
  it('gives wallets turns, whatever number of jobs each has', () => {
    const [a, b] = [Array.from({ length: 20 }, () => job('a')), [job('b', { waited: 1 }), job('b', { waited: 1 })]];
    const owners = begun(view([room('one')], [...a, ...b])).map((id) => id[0]);
    expect(owners.sort()).toEqual(['a', 'a', 'b', 'b']);
  });

  it('lets who has used least of the last while go first', () => {
    const waiting = [job('a', { cpus: 3 }), job('b', { cpus: 3 })];
    expect(begun(view([room('one')], waiting, { uses: [use('a', 100), use('b', 50)] }))[0]).toMatch(/^b/);
    expect(begun(view([room('one')], waiting, { uses: [use('a', 50), use('b', 100)] }))[0]).toMatch(/^a/);
  });

  it('keeps within a wallet to the order it was given: priority, then age', () => {
    const [first, second] = [job('a', { cpus: 3, priority: 5 }), job('a', { cpus: 3, waited: 100 })];
    expect(begun(view([room('one')], [first, second]))).toEqual([first.jobId]);
  });

  it('holds a wallet to its quota, and nobody else', () => {
    const quota: JobQuota = { running: 2, gpus: 1 };
    const waiting = [job('a'), job('a'), job('b'), job('b', { gpus: 1 }), job('b', { gpus: 1 })];
    const uses = [use('a', 0, { running: 1 })];
    const { placings, missing } = choose(
      view([room('one', { cpus: 8, gpus: [0, 1] })], waiting, { uses, quotaOf: () => quota }),
    );
    expect(placings.map(({ jobId }) => jobId).sort()).toEqual(
      [waiting[0], waiting[2], waiting[3]].map((one) => one?.jobId),
    );
    expect([...missing.values()]).toEqual(['quota', 'quota']);
  });
});

describe('room', () => {
  it('gives each its own GPUs, and leaves nodes with GPUs to those who want them', () => {
    const rooms = [room('gpu', { gpus: [1, 3] }), room('plain')];
    const waiting = [job('a'), job('a', { gpus: 1 }), job('a', { gpus: 1 }), job('a', { gpus: 1 })];
    const { placings, missing } = choose(view(rooms, waiting));
    expect(placings.map(({ node, gpus }) => [node, gpus])).toEqual([
      ['plain', []],
      ['gpu', [1]],
      ['gpu', [3]],
    ]);
    expect(missing.get(waiting[3]?.jobId ?? '')).toBe('share');
  });

  it('lets what is small pass what does not fit, until that has waited long', () => {
    const busy = room('one', { cpus: 2, total: { cpus: 4, gpus: 0 } });
    const large = job('a', { cpus: 4, waited: 29 });
    const small = job('b', { waited: 1 });
    expect(begun(view([busy], [large, small]))).toEqual([small.jobId]);
    const patient = { ...large, readyAt: ago(31) };
    const { placings, kept, missing } = choose(view([busy], [patient, small]));
    expect([placings, kept]).toEqual([[], ['one']]);
    expect([missing.get(patient.jobId), missing.get(small.jobId)]).toEqual(['cpus', 'reservation']);
    // Other nodes go on.
    expect(begun(view([busy, room('two', { cpus: 1 })], [patient, small]))).toEqual([small.jobId]);
    // And once there is room it begins.
    expect(begun(view([room('one')], [patient, small]))).toEqual([patient.jobId]);
  });

  it('keeps nodes for one at a time', () => {
    const rooms = ['one', 'two'].map((node) => room(node, { cpus: 1, total: { cpus: 4, gpus: 0 } }));
    const waiting = [job('a', { cpus: 4, waited: 100 }), job('b', { cpus: 4, waited: 90 }), job('c', { waited: 1 })];
    const { kept, placings } = choose(view(rooms, waiting));
    expect(kept).toHaveLength(1);
    expect(placings).toHaveLength(1);
  });
});

describe('a gang', () => {
  const gang = (name: string, size: number, more = {}) => ({ gang: name, gangSize: size, ...more });

  it('begins whole or not at all', () => {
    const four = Array.from({ length: 4 }, () => job('a', gang('g', 4, { cpus: 2 })));
    expect(begun(view([room('one'), room('two', { cpus: 3 })], four))).toEqual([]);
    expect(begun(view([room('one'), room('two')], four)).sort()).toEqual(four.map(({ jobId }) => jobId));
    expect([...choose(view([room('one'), room('two')], four.slice(1))).missing.values()]).toEqual([
      'gang',
      'gang',
      'gang',
    ]);
  });

  it('that has waited long gets its nodes in spite of a stream of small jobs', () => {
    const members = [
      job('a', gang('g', 2, { cpus: 4, waited: 100 })),
      job('a', gang('g', 2, { cpus: 4, waited: 100 })),
    ];
    let free = [1, 0];
    // Each turn a small job ends on one of the nodes, and other wallets have more of them than there is room.
    for (let turn = 0; turn < 12; turn++) {
      const rooms = free.map((cpus, at) => room(`n${at}`, { cpus, total: { cpus: 4, gpus: 0 } }));
      const small = Array.from({ length: 8 }, (_, at) => job(`s${at}`, { waited: 5 }));
      const placings = choose(
        view(rooms, [...members, ...small], { uses: small.map(({ owner }) => use(owner, 10)) }),
      ).placings;
      if (placings.some(({ jobId }) => jobId === members[0]?.jobId)) return expect(placings.length).toBe(2);
      free = free.map((cpus, at) => cpus - placings.filter(({ node }) => node === `n${at}`).length);
      const fullest = free[0] === 4 ? 1 : 0;
      free[fullest] = Math.min(4, (free[fullest] ?? 0) + 1);
    }
    throw new Error('the gang never began');
  });

  it('of which one goes on after it was lost does not wait for the others again', () => {
    const lost = job('a', gang('g', 3, { attempts: 1 }));
    expect(begun(view([room('one')], [lost]))).toEqual([lost.jobId]);
  });
});

it('never gives more than there is, whatever waits', () => {
  const anyJob = fc.record({
    owner: fc.constantFrom('a', 'b', 'c'),
    cpus: fc.integer({ min: 1, max: 5 }),
    gpus: fc.nat(3),
    waited: fc.nat(100),
    gang: fc.option(fc.constantFrom('g', 'h')),
  });
  const anyRoom = fc.record({ cpus: fc.nat(8), gpus: fc.uniqueArray(fc.nat(3), { maxLength: 4 }) });
  fc.assert(
    fc.property(fc.array(anyJob, { maxLength: 30 }), fc.array(anyRoom, { maxLength: 4 }), (jobs, rooms) => {
      const waiting = jobs.map(({ owner, gang, ...more }) =>
        job(owner, { ...more, gang, gangSize: gang === null ? null : 2 }),
      );
      const given = rooms.map(({ cpus, gpus }, at) => room(`n${at}`, { cpus, gpus, total: { cpus: 8, gpus: 4 } }));
      const { placings, missing } = choose(view(given, waiting));
      for (const { node, cpuMilli, gpus } of given) {
        const there = placings.filter((one) => one.node === node);
        const of = (id: string) => waiting.find(({ jobId }) => jobId === id);
        expect(there.reduce((sum, { jobId }) => sum + (of(jobId)?.cpuMilli ?? 0), 0)).toBeLessThanOrEqual(cpuMilli);
        const used = there.flatMap((one) => one.gpus);
        expect(new Set(used).size).toBe(used.length);
        expect(used.filter((index) => !gpus.includes(index))).toEqual([]);
        for (const one of there) expect(one.gpus.length).toBe(of(one.jobId)?.gpus);
      }
      // Each begins, or lacks one thing.
      const ids = [...placings.map(({ jobId }) => jobId), ...missing.keys()].sort();
      expect(ids).toEqual(waiting.map(({ jobId }) => jobId).sort());
    }),
  );
});
