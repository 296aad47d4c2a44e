// Replicas of the Sentinel on one PostgreSQL server, where statements really run at once: every race has one winner.
import { setTimeout } from 'node:timers/promises';
import type { CallRecord } from '@labmesh/contracts';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, openWorld, principalOf, replica, type World } from './open-sentinel.testing.js';
import { type ServerDatabase, serverDatabase } from './server-database.testing.js';

let server: ServerDatabase;
let world: World;
beforeAll(async () => {
  server = await serverDatabase();
  world = await openWorld(server.url);
});
afterAll(async () => {
  await world?.close();
  await server?.drop();
});

const recordOf = (): CallRecord => ({
  id: uuidv7(),
  callId: uuidv7(),
  at: new Date().toISOString(),
  walletId: null,
  credentialId: null,
  chain: [],
  agent: 'curator',
  tool: 'fetch_dataset',
  decision: 'allow',
  outcome: 'ok',
  durationMs: 1,
  inputHash: null,
  outputHash: null,
  inputBytes: null,
  outputBytes: null,
  about: null,
});

async function someoneWaitsForALock(): Promise<void> {
  for (let round = 0; round < 500; round += 1) {
    const { rows } = await world.database.pool.query<{ waiting: number }>(
      "SELECT count(*)::int AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
    );
    if ((rows[0]?.waiting ?? 0) > 0) return;
    await setTimeout(10);
  }
  throw new Error('nobody ever waited for the lock');
}

describe('replicas on one server', () => {
  it('start at once with one key, one operator and one event', async () => {
    const replicas = Array.from({ length: 8 }, () => replica(world));
    await Promise.all(replicas.map(({ keys }) => keys.onModuleInit()));
    await Promise.all(replicas.map(({ operator }) => operator.onApplicationBootstrap()));
    expect(new Set(replicas.map(({ keys }) => JSON.stringify(keys.publish()))).size).toBe(1);
    expect(new Set(replicas.map(({ operator }) => operator.walletId())).size).toBe(1);
    expect(await world.database.prisma.sentinelOutbox.count()).toBe(1);
    expect(await world.database.prisma.signingKey.count()).toBe(1);
  });

  it('let one of many in with a sign-in code', async () => {
    const replicas = Array.from({ length: 4 }, () => replica(world));
    await Promise.all(replicas.map(({ keys }) => keys.onModuleInit()));
    const code = (await replicas[0]?.signIn.createFor(principalOf('citizen')))?.code ?? '';
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => replicas[at % 4]?.signIn.redeem(code)),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('never show an audit cursor before a smaller one that is still uncommitted', async () => {
    const { audit } = replica(world);
    const [slow, fast] = [recordOf(), recordOf()];
    const client = await world.database.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT sentinel.record_calls($1::jsonb)', [JSON.stringify([slow])]);
      const storing = audit.record([fast]);
      await someoneWaitsForALock();
      const early = await readAll('0');
      expect(early.records).toEqual([]);
      await client.query('COMMIT');
      await storing;
      expect((await readAll(early.cursor)).records.map(({ id }) => id)).toEqual([slow.id, fast.id]);
    } finally {
      client.release();
    }
  });

  it('lose no audit record to a follower, whoever writes', async () => {
    const batches = Array.from({ length: 40 }, () => Array.from({ length: 5 }, recordOf));
    const start = (await readAll('0')).cursor;
    const writing = Promise.all(batches.map((batch) => replica(world).audit.record(batch)));
    const request = { after: start, limit: 200, followSeconds: 300 };
    const followed: string[] = [];
    for await (const { records } of replica(world).audit.stream(request, callOf(principalOf('operator')))) {
      followed.push(...records.map(({ id }) => id));
    }
    await writing;
    expect(followed.toSorted()).toEqual(batches.flatMap((batch) => batch.map(({ id }) => id)).toSorted());
  });
});

async function readAll(after: string) {
  const stream = replica(world).audit.stream(
    { after, limit: 1_000, followSeconds: 0 },
    callOf(principalOf('operator')),
  );
  const { value } = await stream.next();
  return { cursor: '0', ...value, records: value?.records ?? [] };
}
