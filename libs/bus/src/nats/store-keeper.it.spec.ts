// At a broker with rights one process makes what all need, also after the broker lost it; the others wait for that.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AGENTS, sentinel } from '@labmesh/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Transport } from '../bus.js';
import { host, listenerOf, type Seen } from '../demo-agent.testing.js';
import { NatsProcess } from '../nats-process.testing.js';
import { sessionEvents, sessionRecords } from '../subjects.js';
import { createTransport } from '../transport.js';
import { appsOf } from './rights.js';
import { natsServerConfig, newNatsSeed } from './server-config.js';

const seeds = new Map(appsOf(AGENTS).map((app) => [app, newNatsSeed()]));
const records = { name: sessionRecords('gateway'), ttlMs: 60_000, maxBytes: 1024 * 1024 };
const events = { name: sessionEvents('gateway'), ttlMs: 60_000, maxBytes: 1024 * 1024, maxPerTopic: 10 };
const keeps = {
  listeners: [{ queue: 'chancellor', event: sentinel.events.operator_enrolled }],
  keyValues: [records],
  eventLogs: [events],
};
const soon = { interval: 100 };

let folder: string;
let nats: NatsProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-keeper-'));
  await writeFile(join(folder, 'nats.conf'), natsServerConfig(AGENTS, seeds));
  nats = await NatsProcess.start(['-c', join(folder, 'nats.conf'), '-js']);
});
afterAll(async () => {
  await NatsProcess.removeAll();
  await rm(folder, { recursive: true, force: true });
});

const open = (name: string, more: Partial<Parameters<typeof createTransport>[0]> = {}): Promise<Transport> =>
  createTransport({ name, natsUrl: nats.url, natsSeed: seeds.get(name), ...more });

it('makes stores and consumers for those who may not, and again after the broker lost its memory', async () => {
  await expect(open('gateway', { connectTimeoutMs: 100 })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('Sentinel has not made'),
  });
  const keeper = await open('sentinel', { keeps });
  const gateway = await open('gateway');
  const chancellor = await open('chancellor');
  const seen: unknown[] = [];
  const stop = await host(chancellor.microservice, [
    listenerOf(
      'labmesh.event.sentinel.operator_enrolled',
      'chancellor',
      ({ payload }: Seen) => void seen.push(payload),
    ),
  ]);
  const sessions = gateway.bus.keyValue(records);
  const log = gateway.bus.eventLog(events);
  await expect.poll(() => sessions.put('one', 1, 0), soon).toBeDefined();
  expect(await log.append('a.x', 1)).toBe(1);
  await log.forget('a');
  await sessions.remove('one');
  await keeper.bus.publish(sentinel.events.operator_enrolled, { walletId: 'wal_1' });
  await expect.poll(() => seen, soon).toEqual([{ walletId: 'wal_1' }]);

  await nats.down();
  await nats.up();
  await expect.poll(() => sessions.put('two', 2, 0).catch(() => undefined), soon).toBeDefined();
  await expect.poll(() => log.append('a.x', 2).catch(() => undefined), soon).toBeDefined();
  await expect
    .poll(
      () =>
        keeper.bus.publish(sentinel.events.operator_enrolled, { walletId: 'wal_2' }).then(
          () => true,
          () => false,
        ),
      soon,
    )
    .toBe(true);
  await expect.poll(() => seen.at(-1), soon).toEqual({ walletId: 'wal_2' });
  await stop();
  await Promise.all([keeper.close(), gateway.close(), chancellor.close()]);
});
