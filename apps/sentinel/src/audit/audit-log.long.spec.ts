// The audit log: stored once, read in order and by filter, followed live.
import type { CallRecord } from '@labmesh/contracts';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callOf, newWalletId, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';

let world: World;
let lab: ReturnType<typeof replica>;
beforeAll(async () => {
  world = await openWorld();
  lab = replica(world);
});
afterAll(() => world.close());
beforeEach(() => world.database.prisma.auditRecord.deleteMany());

const recordOf = (extra: Partial<CallRecord> = {}): CallRecord => ({
  id: uuidv7(),
  callId: uuidv7(),
  at: '2027-01-15T12:00:00.123Z',
  walletId: null,
  credentialId: null,
  chain: [],
  agent: 'curator',
  tool: 'fetch_dataset',
  decision: 'allow',
  outcome: 'ok',
  durationMs: 1.25,
  inputHash: null,
  outputHash: null,
  inputBytes: null,
  outputBytes: null,
  about: null,
  ...extra,
});
const many = (count: number, extra: Partial<CallRecord> = {}): CallRecord[] =>
  Array.from({ length: count }, () => recordOf(extra));
const ids = (records: readonly { id: string }[]): string[] => records.map(({ id }) => id);

type Query = Partial<Parameters<typeof lab.audit.stream>[0]>;
const open = (query: Query = {}, extra = {}) =>
  lab.audit.stream({ limit: 100, followSeconds: 0, ...query }, callOf(principalOf('operator'), extra));

async function read(query: Query = {}, extra = {}) {
  const stream = open(query, extra);
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return value;
  }
}

describe('AuditLog', () => {
  it('answers an empty log with an empty page and cursor 0', async () => {
    expect(await read()).toEqual({ records: [], cursor: '0' });
    await lab.audit.record([]);
    expect(await read()).toEqual({ records: [], cursor: '0' });
  });

  it('gives back what came in, to the last field', async () => {
    const full = recordOf({
      walletId: newWalletId(),
      credentialId: 'cred_1',
      chain: ['curator', 'librarian'],
      decision: 'deny',
      outcome: 'forbidden',
      inputHash: 'ab',
      outputHash: 'cd',
      inputBytes: 120,
      outputBytes: 5,
      about: { datasetId: 'ds_1' },
    });
    const bare = recordOf();
    await lab.audit.record([full, bare]);
    const { records } = await read();
    expect(records.map(({ cursor: _, severity, ...record }) => [record, severity])).toEqual([
      [full, 'warning'],
      [bare, 'info'],
    ]);
  });

  it('stores a record once, however often and however mixed it comes', async () => {
    const [first, second, third] = [recordOf(), recordOf(), recordOf()];
    await lab.audit.record([first, second]);
    await lab.audit.record([second, third, third]);
    await lab.audit.record([first, second, third]);
    expect(ids((await read()).records)).toEqual(ids([first, second, third]));
  });

  it('stores any text, so that no odd name keeps its batch out', async () => {
    await lab.audit.record([recordOf({ tool: 'a\0b\ud800c' }), recordOf({ tool: '😀 "quoted"' })]);
    expect((await read()).records.map(({ tool }) => tool)).toEqual(['a\ufffdb\ufffdc', '😀 "quoted"']);
  });

  it('gives the newest first of all, and goes on from a cursor without gap or repetition', async () => {
    const all = many(25);
    await lab.audit.record(all);
    expect(ids((await read({ limit: 10 })).records)).toEqual(ids(all.slice(15)));
    const seen: string[] = [];
    let cursor = '0';
    for (let page = 0; page < 4; page += 1) {
      const answer = await read({ after: cursor, limit: 10 });
      seen.push(...ids(answer.records));
      cursor = answer.cursor;
    }
    expect(seen).toEqual(ids(all));
    expect(await read({ after: cursor })).toEqual({ records: [], cursor });
  });

  it('filters, and its cursor passes what did not fit', async () => {
    const mine = newWalletId();
    const wanted = recordOf({
      walletId: mine,
      agent: 'chancellor',
      tool: 'get_balance',
      decision: 'deny',
      outcome: 'forbidden',
    });
    await lab.audit.record([...many(3), wanted, ...many(3)]);
    for (const filter of [
      { walletId: mine },
      { agent: 'chancellor' },
      { tool: 'get_balance' },
      { decision: 'deny' as const },
      { outcome: 'forbidden' as const },
    ]) {
      const answer = await read({ after: '0', ...filter });
      expect(ids(answer.records)).toEqual([wanted.id]);
      expect(await read({ after: answer.cursor })).toMatchObject({ records: [] });
    }
    expect((await read({ agent: 'chancellor', decision: 'allow' })).records).toEqual([]);
  });

  it('follows: yields what is there, then what comes, and returns all of it at the limit', async () => {
    const there = many(2);
    await lab.audit.record(there);
    const stream = open({ after: '0', followSeconds: 300, limit: 4, agent: 'curator' });
    expect(ids((await stream.next()).value?.records ?? [])).toEqual(ids(there));
    const coming = many(2);
    const next = stream.next();
    await lab.audit.record([recordOf({ agent: 'librarian' })]);
    await lab.audit.record(coming);
    expect(ids((await next).value?.records ?? [])).toEqual(ids(coming));
    const end = await stream.next();
    expect(end.done).toBe(true);
    expect(ids(end.value?.records ?? [])).toEqual(ids([...there, ...coming]));
  });

  it('waits for what comes, however many of the newest it gave first', async () => {
    const there = many(5);
    await lab.audit.record(there);
    const stream = open({ followSeconds: 300, limit: 2 });
    expect(ids((await stream.next()).value?.records ?? [])).toEqual(ids(there.slice(3)));
    const next = stream.next();
    const coming = many(2);
    await lab.audit.record(coming.slice(0, 1));
    expect(ids((await next).value?.records ?? [])).toEqual(ids(coming.slice(0, 1)));
    const last = stream.next();
    await lab.audit.record(coming.slice(1));
    expect(ids((await last).value?.records ?? [])).toEqual(ids(coming.slice(1)));
    const end = await stream.next();
    expect([end.done, ids(end.value?.records ?? [])]).toEqual([true, ids([...there.slice(3), ...coming])]);
    // Waits its time out when nothing comes, and keeps nobody waiting who reads on behind a place.
    const begun = Date.now();
    expect((await read({ followSeconds: 1, limit: 2 })).records).toHaveLength(2);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(950);
    expect(ids((await read({ after: '0', followSeconds: 300, limit: 3 })).records)).toEqual(ids(there.slice(0, 3)));
  });

  it('does not begin behind its end', async () => {
    await lab.audit.record(many(2));
    const { cursor } = await read();
    expect(await read({ after: cursor })).toEqual({ records: [], cursor });
    await expect(read({ after: String(Number(cursor) + 1) })).rejects.toMatchObject({
      code: 'invalid_input',
      message: `Cannot read the audit log after ${Number(cursor) + 1}: it ends at ${cursor}. Leave "after" out to begin with what is newest.`,
    });
  });

  it('follows what another replica stores', async () => {
    const stream = open({ after: '0', followSeconds: 300, limit: 1 });
    const next = stream.next();
    const record = recordOf();
    await replica(world).audit.record([record]);
    expect(ids((await next).value?.records ?? [])).toEqual([record.id]);
  });

  it('stops following when the caller goes away, and before the caller’s deadline', async () => {
    const caller = new AbortController();
    const waiting = read({ followSeconds: 300 }, { signal: caller.signal });
    caller.abort();
    expect(await waiting).toEqual({ records: [], cursor: '0' });
    expect(await read({ followSeconds: 300 }, { signal: AbortSignal.abort() })).toEqual({ records: [], cursor: '0' });
    expect(await read({ followSeconds: 300 }, { deadline: Date.now() + 600 })).toEqual({ records: [], cursor: '0' });
  });

  it('keeps the order of cursors when many write at once', async () => {
    const batches = Array.from({ length: 20 }, () => many(5));
    const stream = open({ after: '0', followSeconds: 300, limit: 100 });
    const writing = Promise.all(batches.map((batch) => lab.audit.record(batch)));
    const cursors: bigint[] = [];
    for await (const { records } of stream) cursors.push(...records.map(({ cursor }) => BigInt(cursor)));
    await writing;
    expect(cursors).toHaveLength(100);
    expect(cursors.every((cursor, at) => at === 0 || cursor > (cursors[at - 1] ?? 0n))).toBe(true);
  });
});
