// When recovery looks by itself: after a start, soon after a job changed, now and then while jobs are alive, and never in an idle lab.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RecoveryWatch } from './recovery-watch.js';

const SOON_MS = 30_000;
const REST_MS = 180_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function watch() {
  const state = { looks: 0, alive: false, asked: 0, fails: false, warned: 0 };
  let serve = (): void => undefined;
  const watch = new RecoveryWatch(
    {
      byItself: async () => {
        state.looks += 1;
        if (state.fails) throw new Error('the database is away');
        return [] as never;
      },
    },
    {
      standing: async () => {
        state.asked += 1;
        return { alive: state.alive, dueInMs: null };
      },
    },
    {
      onServing: (run) => {
        serve = run as () => void;
      },
    },
    {
      warn: () => {
        state.warned += 1;
      },
    },
  );
  watch.onModuleInit();
  return { watch, state, serve: () => serve() };
}

const changed = { jobId: 'job_1', kind: 'changed' };

it('looks once after a start, and rests while no job is alive', async () => {
  const { state, serve } = watch();
  await vi.advanceTimersByTimeAsync(10 * REST_MS);
  expect(state.asked).toBe(0);
  serve();
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(state).toMatchObject({ asked: 1, looks: 0 });
  await vi.advanceTimersByTimeAsync(10 * REST_MS);
  expect(state.asked).toBe(1);
});

it('looks soon after jobs changed, once for all of them, and again and again while one is alive', async () => {
  const { watch: recovery, state } = watch();
  state.alive = true;
  for (let n = 0; n < 100; n += 1) recovery.told(changed);
  for (const message of [{ jobId: 'job_1', kind: 'log' }, { jobId: 'job_1', kind: 'used' }, { nonsense: true }])
    recovery.told(message);
  await vi.advanceTimersByTimeAsync(SOON_MS - 1);
  expect(state.looks).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(state.looks).toBe(1);
  await vi.advanceTimersByTimeAsync(2 * REST_MS);
  expect(state.looks).toBe(3);
  // What comes meanwhile is not put off until then.
  recovery.told(changed);
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(state.looks).toBe(4);
  await recovery.onModuleDestroy();
  recovery.told(changed);
  await vi.advanceTimersByTimeAsync(10 * REST_MS);
  expect(state.looks).toBe(4);
});

it('goes on after a look that failed', async () => {
  const { watch: recovery, state } = watch();
  Object.assign(state, { alive: true, fails: true });
  recovery.told(changed);
  await vi.advanceTimersByTimeAsync(SOON_MS + REST_MS);
  expect(state).toMatchObject({ looks: 2, warned: 2 });
});

it('looks only when it is told, or served: other kinds of notices wake nobody', async () => {
  const { watch: recovery, state } = watch();
  recovery.told({ jobId: 'job_1', kind: 'used' });
  await vi.advanceTimersByTimeAsync(REST_MS);
  expect(state.asked).toBe(0);
});
