// Many who follow the log: each sees all that it asked for, once and in order, and the database is asked as for one.
import type { AuditPage, CallRecord } from '@labmesh/contracts';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';
import { AuditRepository } from './audit.repository.js';
import { AuditLog } from './audit-log.js';
import { LogTail } from './log-tail.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const AGENTS = ['curator', 'chancellor', 'librarian'] as const;
const OUTCOMES = ['ok', 'forbidden', 'not_found', 'unavailable'] as const;

const CHANCES = fc.sample(
  fc.record({ agent: fc.constantFrom(...AGENTS), outcome: fc.constantFrom(...OUTCOMES) }),
  4_000,
);
let drawn = 0;

const recordOf = (): CallRecord => {
  const { agent, outcome } = CHANCES[drawn++ % CHANCES.length] as (typeof CHANCES)[number];
  return {
    about: null,
    agent,
    at: new Date().toISOString(),
    callId: uuidv7(),
    chain: [],
    credentialId: null,
    decision: outcome === 'forbidden' ? 'deny' : 'allow',
    durationMs: 1,
    id: uuidv7(),
    inputBytes: null,
    inputHash: null,
    outcome,
    outputBytes: null,
    outputHash: null,
    tool: 'fetch_dataset',
    walletId: null,
  };
};

/** A replica whose log counts how often it reads pages. */
function countingReplica() {
  const records = new AuditRepository(world.database);
  const reads = { pages: 0 };
  const tail = new LogTail({
    newestCursor: () => records.newestCursor(),
    page: (...asked) => {
      reads.pages += 1;
      return records.page(...asked);
    },
  });
  return { log: new AuditLog(records, { soon: () => {} }, tail, { auditRecord: () => {} }), reads };
}

type Following = Parameters<AuditLog['follow']>[0];

/** Opens a follower and, once it is told where it begins, follows until it was told of this place. */
async function follower(log: AuditLog, following: Partial<Following>, place: bigint): Promise<() => Promise<string[]>> {
  const asked = { followSeconds: 60, ...following };
  const stream: AsyncGenerator<AuditPage> = log.follow(asked, callOf(principalOf('operator')));
  await stream.next();
  return async () => {
    const got: string[] = [];
    for await (const page of stream) {
      got.push(...page.records.map(({ cursor }) => cursor));
      if (BigInt(page.cursor) >= place) break;
    }
    return got;
  };
}

it('counts what the log took, once however often it comes', async () => {
  const counted: string[] = [];
  const records = new AuditRepository(world.database);
  const metrics = { auditRecord: (severity: string, decision: string) => void counted.push(`${severity} ${decision}`) };
  const log = new AuditLog(records, { soon: () => {} }, new LogTail(records), metrics);
  const refused: CallRecord = { ...recordOf(), outcome: 'forbidden', decision: 'deny' };
  const batch: CallRecord[] = [{ ...recordOf(), outcome: 'ok', decision: 'allow' }, refused];
  await log.record(batch);
  await log.record(batch);
  expect(counted).toEqual(['info allow', 'warning deny']);
});

describe('LogTail', () => {
  it('gives every follower, from any place and with any filter, what the log has', async () => {
    const { log } = countingReplica();
    const elsewhere = replica(world).audit;
    await log.record(Array.from({ length: 450 }, recordOf));
    const begin = await new AuditRepository(world.database).newestCursor();
    const newest = begin + 2_600n;
    const wanted: Array<Partial<Following>> = [
      { after: '0' },
      { after: '0', agent: 'curator' },
      { after: '100', severity: 'warning' },
      { after: '449', decision: 'deny' },
      { after: '450', outcome: 'not_found' },
      { after: '300', severity: 'error', agent: 'librarian' },
      {},
    ];
    const followers = await Promise.all(wanted.map((each) => follower(log, each, newest)));
    const following = followers.map((follow) => follow());
    // More than is kept in memory, stored here and by another replica.
    for (let batch = 0; batch < 26; batch += 1)
      await (batch % 2 === 0 ? log : elsewhere).record(Array.from({ length: 100 }, recordOf));
    const got = await Promise.all(following);
    for (const [index, { after = String(begin), ...filter }] of wanted.entries()) {
      const page = await new AuditRepository(world.database).page(BigInt(after), filter, 10_000);
      expect(got[index], JSON.stringify(wanted[index])).toEqual(page.map(({ cursor }) => cursor));
    }
  });

  it('asks the database for many followers hardly more often than for one', async () => {
    const pagesFor = async (followers: number): Promise<number> => {
      const { log, reads } = countingReplica();
      const begin = await new AuditRepository(world.database).newestCursor();
      const opened = await Promise.all(Array.from({ length: followers }, () => follower(log, {}, begin + 40n)));
      const following = opened.map((follow) => follow());
      for (let batch = 0; batch < 20; batch += 1) await log.record([recordOf(), recordOf()]);
      expect((await Promise.all(following)).every((got) => got.length === 40)).toBe(true);
      return reads.pages;
    };
    const one = await pagesFor(1);
    expect(await pagesFor(50)).toBeLessThan(one * 5);
  });

  it('refuses a place that is not there yet', async () => {
    const { log } = countingReplica();
    await expect(follower(log, { after: '999999999' }, 1n)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('it ends at'),
    });
  });
});
