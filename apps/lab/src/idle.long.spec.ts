// A lab that nobody asks anything hardly asks its database either: statements of a minute are counted, on a clock that the test moves.
import 'reflect-metadata';
import { rm } from 'node:fs/promises';
import { setTimeout as really } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { temporaryFolder } from '@labmesh/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { startLab } from './start-lab.js';

/** What a start left to be done is done by then, minutes. */
const SETTLED = 3;
const STATEMENTS_MAX = 45;
const STEP_MS = 250;

/** How long nobody has shown a token is told by `performance`, which goes with the clock that is moved. */
const faked = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] as const;
afterEach(() => void vi.useRealTimers().restoreAllMocks());

it('an idle minute asks the embedded database a few dozen things', async () => {
  const home = await temporaryFolder('idle-lab');
  const asked: string[] = [];
  const post = Worker.prototype.postMessage;
  vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker, message, transfer) {
    const { request } = message as { request?: Uint8Array };
    if (request !== undefined) asked.push(wordsOf(request));
    post.call(this, message, transfer as never);
  });
  vi.useFakeTimers({ toFake: [...faked], shouldAdvanceTime: true });
  const lab = await startLab({ LABMESH_HOME: home, PORT: '0', LABMESH_LOG_LEVEL: 'silent' });
  try {
    await pass(SETTLED * 60_000, asked);
    asked.length = 0;
    await pass(60_000, asked);
    expect(asked.length, asked.join('\n')).toBeLessThan(STATEMENTS_MAX);
    // What must go on goes on: the worker's lease is renewed, what is due is looked for.
    expect(asked.join('\n')).toMatch(
      /mechanic\.workers[\s\S]*chancellor\.epochs|chancellor\.epochs[\s\S]*mechanic\.workers/,
    );
  } finally {
    vi.useRealTimers();
    await lab.stop();
    await rm(home, { recursive: true, force: true });
  }
});

/** Moves the clock by so much. After each step what it began comes to its end: it waits until nothing more is asked. */
async function pass(ms: number, asked: readonly string[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    await vi.advanceTimersByTimeAsync(STEP_MS);
    for (let before = -1; before !== asked.length; ) {
      before = asked.length;
      await really(before === 0 ? 1 : 2);
    }
  }
}

/** The words of a statement in wire format. */
const wordsOf = (request: Uint8Array): string =>
  Buffer.from(request)
    .toString('latin1')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 300);
