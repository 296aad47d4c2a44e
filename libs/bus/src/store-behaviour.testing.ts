// What the stores of the bus promise, whatever keeps them: run against both transports. Knows nothing of either.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bus } from './bus.js';
import type { EventLog, KeyValue } from './store.js';

/** Two buses of one mesh; in process both are the same. */
export interface TwoProcesses {
  readonly one: Pick<Bus, 'keyValue' | 'eventLog'>;
  readonly other: Pick<Bus, 'keyValue' | 'eventLog'>;
  close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
/** Brokers forget what is too old now and then, not at once. */
const soon = { interval: 100 };

export function behavesAsStores(open: () => Promise<TwoProcesses>): void {
  let two: TwoProcesses;
  beforeAll(async () => {
    two = await open();
  });
  afterAll(() => two.close());
  keyValues(() => two);
  eventLogs(() => two);
}

function keyValues(two: () => TwoProcesses): void {
  describe('values by key', () => {
    const stores = (ttlMs = 60_000): [KeyValue, KeyValue] => {
      const options = { name: `kv-${randomUUID()}`, ttlMs, maxBytes: MEBIBYTE };
      return [two().one.keyValue(options), two().other.keyValue(options)];
    };

    it('are seen by every process, as copies', async () => {
      const [one, other] = stores();
      expect(await other.get('a')).toBeUndefined();
      const value = { list: [1] };
      const revision = await one.put('a', value, 0);
      value.list.push(2);
      expect(await other.get('a')).toEqual({ value: { list: [1] }, revision });
    });

    it('are written over what was read only', async () => {
      const [one, other] = stores();
      const first = await one.put('a', 1, 0);
      expect(await other.put('a', 2, 0)).toBeUndefined();
      const second = await other.put('a', 2, first ?? 0);
      expect(second).toBeGreaterThan(first ?? 0);
      expect(await one.put('a', 3, first ?? 0)).toBeUndefined();
      expect(await one.get('a')).toEqual({ value: 2, revision: second });
    });

    it('are gone when they are removed, and can come back', async () => {
      const [one, other] = stores();
      const revision = await one.put('a', 1, 0);
      await other.remove('a');
      expect(await one.get('a')).toBeUndefined();
      expect(await one.put('a', 2, revision ?? 0)).toBeUndefined();
      expect(await one.put('a', 3, 0)).toBeDefined();
      expect((await other.get('a'))?.value).toBe(3);
      await other.remove('never-there');
    });

    it('are forgotten when nobody writes them', async () => {
      const [one] = stores(1_000);
      await one.put('a', 1, 0);
      expect(await one.get('a')).toBeDefined();
      await expect.poll(() => one.get('a'), soon).toBeUndefined();
    });
  });
}

function eventLogs(two: () => TwoProcesses): void {
  describe('a log of events', () => {
    const logs = (more: { ttlMs?: number; maxPerTopic?: number; maxBytes?: number } = {}): [EventLog, EventLog] => {
      const options = { name: `log-${randomUUID()}`, ttlMs: 60_000, maxBytes: MEBIBYTE, maxPerTopic: 100, ...more };
      return [two().one.eventLog(options), two().other.eventLog(options)];
    };

    it('is read by every process, in order, from any position', async () => {
      const [one, other] = logs();
      const positions: number[] = [];
      for (let n = 0; n < 5; n++) {
        positions.push(await (n % 2 === 0 ? one : other).append('a.x', { n }));
        await one.append('a.y', 'elsewhere');
      }
      const all = positions.map((position, n) => ({ position, value: { n } }));
      expect(await other.read('a.x', 0, 100)).toEqual(all);
      expect(await one.read('a.x', positions[2] ?? 0, 100)).toEqual(all.slice(3));
      expect(await one.read('a.x', 0, 2)).toEqual(all.slice(0, 2));
      expect(await one.read('a.x', positions[4] ?? 0, 100)).toEqual([]);
      expect(await one.read('a.never', 0, 100)).toEqual([]);
    });

    it('forgets a group, and no other', async () => {
      const [one, other] = logs();
      await one.append('a.x', 1);
      await one.append('a.y', 2);
      await one.append('ab.x', 3);
      await other.forget('a');
      expect(await one.read('a.x', 0, 10)).toEqual([]);
      expect(await one.read('a.y', 0, 10)).toEqual([]);
      expect((await one.read('ab.x', 0, 10)).map(({ value }) => value)).toEqual([3]);
    });

    it('keeps so many of a topic, and so many bytes', async () => {
      const [one] = logs({ maxPerTopic: 3, maxBytes: 64 * 1024 });
      for (let n = 0; n < 10; n++) await one.append('a.x', n);
      expect((await one.read('a.x', 0, 100)).map(({ value }) => value)).toEqual([7, 8, 9]);
      for (let n = 0; n < 20; n++) await one.append(`b.${n}`, 'x'.repeat(10_000));
      const kept = await Promise.all(Array.from({ length: 20 }, (_, n) => one.read(`b.${n}`, 0, 10)));
      expect(kept.flat().length).toBeLessThan(8);
      expect(kept[19]).toHaveLength(1);
      expect(await one.read('a.x', 0, 100)).toEqual([]);
    });

    it('forgets what is old', async () => {
      const [one] = logs({ ttlMs: 1_000 });
      await one.append('a.x', 1);
      expect(await one.read('a.x', 0, 10)).toHaveLength(1);
      await expect.poll(() => one.read('a.x', 0, 10), soon).toEqual([]);
    });
  });
}
