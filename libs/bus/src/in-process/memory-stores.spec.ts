// The stores of the bus in one process: the promises common to all transports, and that nothing is held that was forgotten.
import { describe, expect, it } from 'vitest';
import { behavesAsStores } from '../store-behaviour.testing.js';
import { createTransport } from '../transport.js';
import { MemoryEventLog } from './memory-event-log.js';
import { MemoryKeyValue } from './memory-key-value.js';

describe('the stores in process', () => {
  behavesAsStores(async () => {
    const { bus, close } = await createTransport({ name: 'test' });
    return { one: bus, other: bus, close };
  });
});

describe('room', () => {
  it('is made for new values by dropping what was not written for longest', async () => {
    const store = new MemoryKeyValue({ name: 'test', ttlMs: 1_000, maxBytes: 30 });
    const first = await store.put('a', 'x'.repeat(8), 0);
    await store.put('b', 'x'.repeat(8), 0);
    await store.put('a', 'y'.repeat(8), first ?? 0);
    await store.put('c', 'x'.repeat(8), 0);
    await store.put('d', 'x'.repeat(8), 0);
    const kept = await Promise.all(['a', 'b', 'c', 'd'].map((key) => store.get(key)));
    expect(kept.map((entry) => entry !== undefined)).toEqual([true, false, true, true]);
    await expect(store.put('e', 'x'.repeat(31), 0)).rejects.toMatchObject({ code: 'too_large' });
  });

  it('is not taken by a clock that stands still: what is old goes with the next event', async () => {
    const clock = { now: 0 };
    const log = new MemoryEventLog({ name: 'test', ttlMs: 10, maxBytes: 1_000, maxPerTopic: 9 }, () => clock.now);
    await log.append('a.x', 1);
    clock.now = 10;
    await log.append('b.x', 2);
    expect(await log.read('a.x', 0, 10)).toEqual([]);
    await expect(log.append('a.x', 'x'.repeat(1_000))).rejects.toMatchObject({ code: 'too_large' });
  });
});
