// One writer at a time, over replicas that share a store: who comes later is let in, who was away too long gives up.
import { createTransport, type KeyValue } from '@labmesh/bus';
import { AppError } from '@labmesh/contracts';
import { beforeEach, expect, it } from 'vitest';
import { UploadLocks } from './upload-locks.js';

const PACE = { heldMs: 10_000, lookEveryMs: 5, waitMs: 20_000 };
let store: KeyValue;
let stores = 0;
beforeEach(async () => {
  const { bus } = await createTransport({ name: 'test' });
  stores += 1;
  store = bus.keyValue({ name: `locks-${stores}`, ttlMs: 60_000, maxBytes: 1_000_000 });
});

/** A lock of one more replica; `calls` says what it was told. */
function lockAt(pace: Partial<typeof PACE> = {}, at: KeyValue = store) {
  const calls = { release: 0, lost: 0 };
  const locker = new UploadLocks(at, { ...PACE, ...pace }).lockerFor(
    (id) => id,
    () => (calls.lost += 1),
  );
  const lock = locker.newLock('up_1');
  const take = (signal = new AbortController().signal) =>
    lock.lock(signal, () => {
      calls.release += 1;
    });
  return { calls, take, free: () => lock.unlock() };
}

it('is held by one; another gets it when the first, which is asked, lets go', async () => {
  const [first, second] = [lockAt(), lockAt()];
  await first.take();
  let got = false;
  const waiting = second.take().then(() => (got = true));
  await expect.poll(() => first.calls.release).toBeGreaterThan(0);
  expect(got).toBe(false);
  await first.free();
  await waiting;
  expect(first.calls.lost).toBe(0);
  await second.free();
  const third = lockAt();
  await third.take();
  await third.free();
});

it('of another upload is another lock', async () => {
  const locker = new UploadLocks(store, PACE).lockerFor(
    (id) => id,
    () => {},
  );
  const [one, other] = [locker.newLock('up_1'), locker.newLock('up_2')];
  await one.lock(new AbortController().signal, () => {});
  await other.lock(new AbortController().signal, () => {});
  await Promise.all([one.unlock(), other.unlock()]);
});

it('never has two holders, however many want it', async () => {
  let holders = 0;
  let most = 0;
  const contend = async (): Promise<void> => {
    const lock = lockAt();
    await lock.take();
    holders += 1;
    most = Math.max(most, holders);
    await new Promise((resolve) => setTimeout(resolve, 2));
    holders -= 1;
    await lock.free();
  };
  await Promise.all(Array.from({ length: 12 }, contend));
  expect(most).toBe(1);
});

it('that cannot be had in time is refused as the protocol has it', async () => {
  const [first, second] = [lockAt(), lockAt({ waitMs: 30 })];
  await first.take();
  await expect(second.take()).rejects.toMatchObject({ status_code: 423 });
  await first.free();
});

it('is not waited for by who went away', async () => {
  const [first, second] = [lockAt(), lockAt()];
  await first.take();
  const gone = new AbortController();
  const waiting = second.take(gone.signal);
  gone.abort();
  await expect(waiting).rejects.toThrow();
  await first.free();
});

it('that another took meanwhile is lost, and told so', async () => {
  const first = lockAt();
  await first.take();
  await store.remove('up_1');
  const stolen = await store.put('up_1', { holder: 'another', wanted: false }, 0);
  expect(stolen).toBeGreaterThan(0);
  await expect.poll(() => first.calls.lost).toBeGreaterThan(0);
  await first.free();
  // What is another's is not let go by who has lost it.
  expect((await store.get('up_1'))?.value).toMatchObject({ holder: 'another' });
});

it('is taken again where the store came back without it, and kept where it is away for a moment', async () => {
  let away = false;
  const shaky: KeyValue = {
    get: (key) => (away ? Promise.reject(new AppError('unavailable', 'away')) : store.get(key)),
    put: (key, value, revision) =>
      away ? Promise.reject(new AppError('unavailable', 'away')) : store.put(key, value, revision),
    remove: (key) => store.remove(key),
  };
  const first = lockAt({}, shaky);
  await first.take();
  away = true;
  await new Promise((resolve) => setTimeout(resolve, 50));
  await store.remove('up_1');
  away = false;
  await expect.poll(async () => (await store.get('up_1'))?.value).toMatchObject({ wanted: false });
  expect(first.calls.lost).toBe(0);
  await first.free();
});

it('is given up when the store is away longer than it keeps a lock', async () => {
  let away = false;
  const gone: KeyValue = {
    ...store,
    get: (key) => (away ? Promise.reject(new AppError('unavailable', 'away')) : store.get(key)),
    put: (key, value, revision) => store.put(key, value, revision),
  };
  const first = lockAt({ heldMs: 40 }, gone);
  await first.take();
  away = true;
  await expect.poll(() => first.calls.lost).toBeGreaterThan(0);
  await first.free();
});
