// What goes together, what goes alone, and how long anything waits.
import { randomUUID } from 'node:crypto';
import type { AttemptToRun } from '@labmesh/jobs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Gathering, type GatheringOptions } from './gathering.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const GATHER_MS = 80;
const NOT_READ = {} as AttemptToRun;

const attempt = (array: AttemptToRun['array'], command = ['true']): AttemptToRun => ({
  ...NOT_READ,
  ...{ jobId: `job_${randomUUID()}`, number: 1, array, command },
});
const run = (index: number, count = 10, arrayId = 'arr_a'): AttemptToRun => attempt({ arrayId, index, count });

function gathered(more: Partial<GatheringOptions> = {}) {
  const submitted: (readonly AttemptToRun[])[] = [];
  const gathering = new Gathering({
    gatherMs: GATHER_MS,
    kindOf: ({ command }) => command.join(),
    weightOf: () => ({ markBytes: 25, scriptBytes: 1_000 }),
    bounds: () => ({ tasks: 40, markBytes: 1_000, scriptBytes: 1_000_000 }),
    submit: (attempts) => {
      submitted.push(attempts);
      return attempts.map(async (_, at) => `${submitted.length}_${at}`);
    },
    ...more,
  });
  const add = (one: AttemptToRun): Promise<string> => {
    const handle = gathering.add(one);
    handle.catch(() => undefined);
    return handle;
  };
  return { add, submitted };
}

it('hands over together what comes within the time, by index, and answers each its own', async () => {
  const { add, submitted } = gathered();
  const runs = [run(0), run(3), run(7)] as const;
  const handles = [runs[1], runs[2], runs[0]].map(add);
  await vi.advanceTimersByTimeAsync(GATHER_MS - 1);
  expect(submitted).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(submitted).toEqual([runs]);
  expect(await Promise.all(handles)).toEqual(['1_1', '1_2', '1_0']);
  void add(run(8));
  await vi.advanceTimersByTimeAsync(GATHER_MS);
  expect(submitted).toHaveLength(2);
});

it('lets nothing wait for which no other can come', () => {
  const { add, submitted } = gathered();
  void add(attempt(null));
  void add(run(0, 1));
  expect(submitted.map(({ length }) => length)).toEqual([1, 1]);
  for (const index of [0, 1, 2]) void add(run(index, 3));
  expect(submitted.map(({ length }) => length)).toEqual([1, 1, 3]);
});

it('keeps arrays and resources apart', async () => {
  const { add, submitted } = gathered();
  const others = attempt({ arrayId: 'arr_a', index: 4, count: 10 }, ['another']);
  for (const one of [run(0), run(0, 10, 'arr_b'), others, run(1)]) void add(one);
  await vi.advanceTimersByTimeAsync(GATHER_MS);
  expect(submitted.map((attempts) => attempts.map(({ array }) => `${array?.arrayId}.${array?.index}`))).toEqual([
    ['arr_a.0', 'arr_a.1'],
    ['arr_b.0'],
    ['arr_a.4'],
  ]);
});

it.each([
  ['tasks', { tasks: 3, markBytes: 1_000, scriptBytes: 1_000_000 }],
  ['comment', { tasks: 40, markBytes: 75, scriptBytes: 1_000_000 }],
  ['script', { tasks: 40, markBytes: 1_000, scriptBytes: 3_999 }],
])('begins another where one is full: %s', async (_, bounds) => {
  const { add, submitted } = gathered({ bounds: () => bounds });
  for (let index = 0; index < 7; index += 1) void add(run(index));
  await vi.advanceTimersByTimeAsync(GATHER_MS);
  expect(submitted.map(({ length }) => length)).toEqual([3, 3, 1]);
});

it('gathers nothing where a cluster takes no arrays', () => {
  const { add, submitted } = gathered({ bounds: () => ({ tasks: 1, markBytes: 1_000, scriptBytes: 1_000_000 }) });
  void add(run(0));
  void add(run(1));
  expect(submitted.map(({ length }) => length)).toEqual([1, 1]);
});

it('tells each what kept it from being submitted', async () => {
  const { add } = gathered({
    submit: (attempts) =>
      attempts.map(async ({ array }) => {
        if (array?.index === 1) throw new Error('refused');
        return `9${array?.index}`;
      }),
  });
  const handles = [0, 1, 2].map((index) => add(run(index)));
  await vi.advanceTimersByTimeAsync(GATHER_MS);
  expect((await Promise.allSettled(handles)).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
});
