// Which keeper a job gets: one that waits where there is one in its reach, else one of its own; and that none is left waiting for ever.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Keeper, KeptFolders, KeptPlaces, Namespaces, WaitingKeeper } from './keeper.js';
import { WarmKeepers } from './warm-keepers.js';

const PLACES: KeptPlaces = { jobs: '/jobs', environments: '/environments', hidden: ['/'] };
const QUIET: Namespaces = { user: false, pid: true, mount: true, net: true };
const OPEN: Namespaces = { ...QUIET, net: false };
const KEPT_MS = 1_000;
const READY_MS = 10;

class Begun implements WaitingKeeper {
  entered: KeptFolders | undefined;
  isGone = false;
  #go: () => void = () => undefined;
  readonly gone = new Promise<void>((resolve) => {
    this.#go = resolve;
  });

  constructor(
    readonly separate: Namespaces,
    readonly places: KeptPlaces,
  ) {}

  async enter(folders: KeptFolders): Promise<Keeper> {
    if (this.isGone) throw new Error('it has ended');
    this.entered = folders;
    return { pid: 1, signal: () => undefined, end: () => this.end() };
  }

  async end(): Promise<void> {
    this.isGone = true;
    this.#go();
    await this.gone;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function warm() {
  const begun: Begun[] = [];
  const keepers = new WarmKeepers({
    ...{ places: PLACES, readyAfterMs: READY_MS, keptMs: KEPT_MS },
    start: async (separate, places) => {
      const one = new Begun(separate, places);
      begun.push(one);
      return one;
    },
  });
  return { begun, keepers, take: (folder: string, separate = QUIET) => keepers.take(separate, { folder }) };
}

it('has none before the first job, and one ready for each that follows', async () => {
  const { begun, take } = warm();
  await vi.advanceTimersByTimeAsync(KEPT_MS);
  expect(begun.length).toBe(0);
  await take('/jobs/a/1');
  await vi.advanceTimersByTimeAsync(READY_MS);
  expect(begun.map(({ entered }) => entered?.folder)).toEqual(['/jobs/a/1', undefined]);
  await take('/jobs/b/1');
  expect(begun[1]?.entered?.folder).toBe('/jobs/b/1');
  // Two at once: one waits, the other begins its own.
  await vi.advanceTimersByTimeAsync(READY_MS);
  await Promise.all([take('/jobs/c/1'), take('/jobs/d/1')]);
  expect(begun.map(({ entered }) => entered?.folder)).toEqual(['/jobs/a/1', '/jobs/b/1', '/jobs/c/1', '/jobs/d/1']);
});

it('keeps those with a network apart from those without', async () => {
  const { begun, take } = warm();
  await take('/jobs/a/1');
  await vi.advanceTimersByTimeAsync(READY_MS);
  await take('/jobs/b/1', OPEN);
  expect(begun.map(({ separate, entered }) => [separate.net, entered?.folder])).toEqual([
    [true, '/jobs/a/1'],
    [true, undefined],
    [false, '/jobs/b/1'],
  ]);
});

it('begins one for a folder that lies elsewhere', async () => {
  const { begun, take } = warm();
  await take('/environments/e');
  await take('/jobs/a\nb/1');
  await vi.advanceTimersByTimeAsync(READY_MS);
  expect(begun.map(({ places }) => places.jobs)).toEqual(['/environments/e', '/jobs/a\nb/1']);
});

it('begins another where the one that waited has ended', async () => {
  const { begun, take } = warm();
  await take('/jobs/a/1');
  await vi.advanceTimersByTimeAsync(READY_MS);
  await begun[1]?.end();
  await take('/jobs/b/1');
  expect(begun[2]?.entered?.folder).toBe('/jobs/b/1');
  await vi.advanceTimersByTimeAsync(READY_MS);
  // Gone, and nobody noticed yet.
  if (begun[3] !== undefined) begun[3].isGone = true;
  await take('/jobs/c/1');
  expect(begun[4]?.entered?.folder).toBe('/jobs/c/1');
});

it('has one ready as soon as a job has ended, and a job that comes meanwhile waits for it', async () => {
  const { begun, keepers, take } = warm();
  await take('/jobs/a/1');
  keepers.ready(QUIET);
  await take('/jobs/b/1');
  expect(begun.map(({ entered }) => entered?.folder)).toEqual(['/jobs/a/1', '/jobs/b/1']);
  keepers.ready(QUIET);
  await vi.advanceTimersByTimeAsync(READY_MS);
  expect(begun.length).toBe(3);
  // Once for each that was taken.
  keepers.ready(QUIET);
  await vi.advanceTimersByTimeAsync(READY_MS);
  expect(begun.length).toBe(3);
});

it('ends one that nobody needs, and all that wait when it is closed', async () => {
  const { begun, keepers, take } = warm();
  await take('/jobs/a/1');
  await vi.advanceTimersByTimeAsync(READY_MS + KEPT_MS);
  expect(begun.map(({ isGone }) => isGone)).toEqual([false, true]);
  await take('/jobs/b/1');
  await vi.advanceTimersByTimeAsync(READY_MS);
  await keepers.close();
  expect(begun.map(({ isGone }) => isGone)).toEqual([false, true, false, true]);
  await take('/jobs/c/1');
  await vi.advanceTimersByTimeAsync(KEPT_MS);
  expect(begun.length).toBe(5);
});
