// The outbox: an event leaves if and only if its change was committed, at least once, in order, through any failure.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chancellor, type EventEnvelope, eventSubject } from '@labmesh/contracts';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.js';
import { enqueueEvent } from './enqueue-event.js';
import { Outbox, type OutboxLog } from './outbox.js';

const created = chancellor.events.wallet_created;
const walletCreated = () => ({ walletId: `wal_${uuidv7()}`, role: 'citizen' as const });

let parent: string;
let db: Database;
let sent: Array<{ subject: string; envelope: EventEnvelope }>;

const publish = async (subject: string, envelope: EventEnvelope) => void sent.push({ subject, envelope });
const sentIds = () => sent.map(({ envelope }) => envelope.id);
/** A few at a time: a transaction has a limit, which a busy machine would pass with all of them. */
const store = async (count: number) => {
  const ids: string[] = [];
  while (ids.length < count)
    await db.prisma.$transaction(async (tx) => {
      for (let n = Math.min(10, count - ids.length); n > 0; n -= 1)
        ids.push(await enqueueEvent(tx, created, walletCreated()));
    });
  return ids;
};
const pending = async () =>
  (await db.pool.query('SELECT id FROM chancellor.outbox WHERE published_at IS NULL')).rows.length;
const relay = async (outbox: Outbox, until: () => boolean) => {
  outbox.start();
  await expect.poll(() => until(), { interval: 10 }).toBe(true);
  await outbox.stop();
};

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'labmesh-outbox-'));
  db = await openDatabase({ folder: join(parent, 'pg') });
});
beforeEach(async () => {
  sent = [];
  await db.pool.query('DELETE FROM chancellor.outbox');
});
afterAll(async () => {
  await db.close();
  await rm(parent, { recursive: true, force: true });
});

describe('enqueueEvent', () => {
  it('stores nothing when the transaction is taken back', async () => {
    const failing = db.prisma.$transaction(async (tx) => {
      await enqueueEvent(tx, created, walletCreated());
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await pending()).toBe(0);
  });

  it('refuses a payload that its event does not declare', async () => {
    const wrong = { walletId: 'mine', role: 'citizen' as const };
    await expect(db.prisma.$transaction((tx) => enqueueEvent(tx, created, wrong))).rejects.toMatchObject({
      code: 'internal',
    });
  });
});

describe('Outbox', () => {
  it('relays more than a batch in order, each with its id, time and payload', async () => {
    const ids = await store(250);
    await relay(new Outbox(db, 'chancellor', publish), () => sent.length === 250);
    expect(sentIds()).toEqual(ids);
    expect(sent[0]).toEqual({
      subject: eventSubject(created),
      envelope: {
        id: ids[0],
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        payload: { walletId: expect.stringMatching(/^wal_/), role: 'citizen' },
      },
    });
    expect(await pending()).toBe(0);
  });

  it('sends again what was published but not yet marked at a crash', async () => {
    const ids = await store(3);
    const dying = new Outbox({ ...db, pool: dyingAfterClaim() }, 'chancellor', publish);
    await relay(dying, () => sent.length === 3);
    await relay(new Outbox(db, 'chancellor', publish), () => sent.length === 6);
    expect(sentIds()).toEqual([...ids, ...ids]);
    expect(await pending()).toBe(0);
  });

  it('keeps events and their order through an outage of the bus, and says so once', async () => {
    const ids = await store(5);
    const lines: string[] = [];
    const log: OutboxLog = { info: (_, text) => lines.push(text), warn: (_, text) => lines.push(text) };
    let failures = 0;
    const flaky = async (subject: string, envelope: EventEnvelope) => {
      if (envelope.id === ids[2] && failures < 2) {
        failures += 1;
        throw new Error('bus is away');
      }
      await publish(subject, envelope);
    };
    await relay(new Outbox(db, 'chancellor', flaky, log), () => sent.length === 5);
    expect(sentIds()).toEqual(ids);
    expect(lines).toEqual(['events cannot leave; they are kept and tried again', 'events leave again']);
  });

  it('asks for the next batch and forgets the one before in one statement', async () => {
    const asked: string[] = [];
    const pool = watchedPool((text) => void asked.push(text.trim().slice(0, 4)));
    const more: string[] = [];
    const outbox = new Outbox({ ...db, pool }, 'chancellor', async (subject, envelope) => {
      if (sent.length === 0) more.push(...(await store(3)));
      await publish(subject, envelope);
    });
    const [first] = await store(1);
    await relay(outbox, () => sent.length === 4);
    expect(sentIds()).toEqual([first, ...more]);
    expect(asked.slice(0, 3)).toEqual(['UPDA', 'WITH', 'WITH']);
    expect(await pending()).toBe(0);
  });

  it('finishes the batch in flight when it stops', async () => {
    await store(2);
    const outbox = new Outbox(db, 'chancellor', async (subject, envelope) => {
      if (sent.length === 0) void outbox.stop();
      await publish(subject, envelope);
    });
    await relay(outbox, () => sent.length === 2);
    expect(await pending()).toBe(0);
  });

  it('tells how much waits, and for how long', async () => {
    const outbox = new Outbox(db, 'chancellor', publish);
    expect(await outbox.backlog()).toEqual({ events: 0, oldestSeconds: 0 });
    await store(3);
    const { events, oldestSeconds } = await outbox.backlog();
    expect(events).toBe(3);
    expect(oldestSeconds).toBeGreaterThan(0);
  });

  it('looks again at once when it is poked', async () => {
    const outbox = new Outbox(db, 'chancellor', publish);
    outbox.start();
    const ids = await store(1);
    outbox.poke();
    await expect.poll(() => sentIds(), { interval: 5 }).toEqual(ids);
    await outbox.stop();
  });

  it('sends each event once when two relays run', async () => {
    const ids = await store(300);
    const relays = [
      new Outbox({ ...db, kind: 'postgres' }, 'chancellor', publish),
      new Outbox({ ...db, kind: 'postgres' }, 'chancellor', publish),
    ];
    for (const outbox of relays) outbox.start();
    await expect.poll(() => sent.length).toBe(300);
    for (const outbox of relays) await outbox.stop();
    expect(sentIds()).toEqual(ids);
  });
});

/** A pool whose process "dies" between publishing and marking: the claim goes through, nothing about what was published does. */
const dyingAfterClaim = (): Database['pool'] =>
  watchedPool((_text, values) => {
    if (values?.some((value) => Array.isArray(value) && value.length > 0)) throw new Error('died');
  });

/** A pool that shows each statement first; what throws there, the statement rejects with. */
function watchedPool(see: (text: string, values?: unknown[]) => void): Database['pool'] {
  const query = async (text: string, values?: unknown[]) => {
    see(text, values);
    return await db.pool.query(text, values);
  };
  return new Proxy(db.pool, {
    get: (pool, property) => (property === 'query' ? query : Reflect.get(pool, property)),
  });
}
