// The stores of the bus over a real nats-server: the promises common to all transports, and a broker that lost what it kept.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NatsProcess } from '../nats-process.testing.js';
import { behavesAsStores } from '../store-behaviour.testing.js';
import { createTransport } from '../transport.js';

let nats: NatsProcess;
beforeAll(async () => {
  nats = await NatsProcess.start();
});
afterAll(() => NatsProcess.removeAll());

describe('the stores over NATS', () => {
  behavesAsStores(async () => {
    const [one, other] = [
      await createTransport({ natsUrl: nats.url, name: 'one' }),
      await createTransport({ natsUrl: nats.url, name: 'other' }),
    ];
    return {
      one: one.bus,
      other: other.bus,
      close: async () => {
        await Promise.all([one.close(), other.close()]);
      },
    };
  });
});

it('a broker that was away has forgotten, and keeps again', async () => {
  const broker = await NatsProcess.start();
  const { bus, close } = await createTransport({ natsUrl: broker.url, name: 'test' });
  const store = bus.keyValue({ name: 'kept', ttlMs: 60_000, maxBytes: 1024 * 1024 });
  const log = bus.eventLog({ name: 'kept', ttlMs: 60_000, maxBytes: 1024 * 1024, maxPerTopic: 10 });
  await store.put('a', 1, 0);
  await log.append('a.x', 1);
  await broker.down();
  await expect.poll(() => store.get('a').catch(({ code }) => code)).toBe('unavailable');
  await expect(log.append('a.x', 2)).rejects.toMatchObject({ code: 'unavailable' });
  await broker.up();
  await expect.poll(() => store.get('a').catch(({ code }) => code)).toBeUndefined();
  expect(await store.put('a', 2, 0)).toBeGreaterThan(0);
  const position = await log.append('a.x', 3);
  expect(await log.read('a.x', 0, 10)).toEqual([{ position, value: 3 }]);
  await close();
  await broker.remove();
});
