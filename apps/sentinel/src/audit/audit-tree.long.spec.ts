// The log that cannot lie: what is stored is signed for and provable, and whatever is changed, taken out, moved or cut off
// behind the Sentinel's back is found, each in its own way.
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { CallRecord } from '@labmesh/contracts';
import { isGrownFrom, isIncluded, openCheckpoint, parseVerifierKey } from '@labmesh/transparency';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callOf, newWalletId, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';

let world: World;
let lab: ReturnType<typeof replica>;
beforeAll(async () => {
  world = await openWorld();
  await replica(world).keys.onModuleInit();
});
afterAll(() => world.close());
beforeEach(async () => {
  const { prisma } = world.database;
  await prisma.$transaction([
    prisma.auditRecord.deleteMany(),
    prisma.auditTreeHead.deleteMany(),
    prisma.auditSubtree.deleteMany(),
  ]);
  lab = replica(world);
  await lab.keys.onModuleInit();
  await rm(lab.witness.path, { force: true });
});

const recordOf = (extra: Partial<CallRecord> = {}): CallRecord => ({
  id: uuidv7(),
  callId: uuidv7(),
  at: '2027-01-15T12:00:00.123Z',
  walletId: null,
  credentialId: null,
  chain: ['librarian'],
  agent: 'curator',
  tool: 'fetch_dataset',
  decision: 'allow',
  outcome: 'ok',
  durationMs: 1.257,
  inputHash: 'ab',
  outputHash: null,
  inputBytes: 12,
  outputBytes: null,
  about: { datasetId: 'ds_flares' },
  ...extra,
});

/** Records in batches, each signed for. */
async function written(...batches: number[]): Promise<void> {
  for (const count of batches) {
    await lab.audit.record(Array.from({ length: count }, () => recordOf()));
    await lab.signing.signNow();
  }
}

async function verified(input: { olderSize?: number; newerSize?: number } = {}) {
  const check = lab.auditCheck.verify(input, callOf(principalOf('operator')));
  for (;;) {
    const { done, value } = await check.next();
    if (done) return value;
  }
}
const problems = async () => (await verified()).problems.map(({ problem }) => problem);
const sql = (text: string, ...values: unknown[]) => world.database.pool.query(text, values);

describe('a log that nobody touched', () => {
  it('is intact, and its newest head grew from each older one', async () => {
    await written(3, 1, 7, 300, 2);
    const key = parseVerifierKey((await lab.logKey.load()).text);
    for (const olderSize of [3, 4, 11, 311, 313]) {
      const answer = await verified({ olderSize });
      expect(answer).toMatchObject({ intact: true, problems: [], checkedRecords: 313, unsignedRecords: 0 });
      const [older, newer] = [answer.older, answer.newer].map((head) => openCheckpoint(head?.checkpoint ?? '', key));
      if (older === undefined || newer === undefined) throw new Error('no heads');
      expect([older.size, newer.size]).toEqual([olderSize, 313]);
      expect(
        isGrownFrom(
          newer,
          older,
          answer.proof.map((hash) => Buffer.from(hash, 'hex')),
        ),
      ).toBe(true);
    }
  });

  it('proves each record, also across tiles of 256, and to its own wallet only what is its own', async () => {
    const walletId = newWalletId();
    const mine = recordOf({ walletId });
    await written(255);
    await lab.audit.record([mine]);
    await written(300);
    const own = callOf(principalOf('citizen', { walletId }));
    const answer = await lab.search.prove({ callId: mine.callId }, own);
    const head = openCheckpoint(answer.head.checkpoint, parseVerifierKey(answer.verifierKey));
    if (head === undefined) throw new Error('no head');
    const claim = { leaf: Buffer.from(answer.leafHash, 'hex'), index: answer.index, size: head.size, root: head.root };
    expect(
      isIncluded(
        claim,
        answer.proof.map((hash) => Buffer.from(hash, 'hex')),
      ),
    ).toBe(true);
    expect(await lab.search.prove({ leafHash: answer.leafHash }, own)).toEqual(answer);
    expect((await lab.search.prove({ callId: mine.callId }, callOf(principalOf('operator')))).index).toBe(255);
    const other = lab.search.prove({ callId: mine.callId }, callOf(principalOf('researcher')));
    await expect(other).rejects.toMatchObject({ code: 'not_found' });
    await expect(lab.search.prove({}, own)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('signs for a record at once when its proof is asked', async () => {
    const record = recordOf();
    await lab.audit.record([record]);
    const answer = await lab.search.prove({ callId: record.callId }, callOf(principalOf('operator')));
    expect(answer).toMatchObject({ index: 0, proof: [], head: { size: 1 } });
  });

  it('is signed within a second of a record, in the database and in the witness file', async () => {
    const signs = replica(world, { signsByItself: true });
    await signs.keys.onModuleInit();
    await signs.audit.record([recordOf()]);
    await expect.poll(async () => (await lab.heads.newestHead())?.size).toBe(1);
    await expect.poll(() => readFile(lab.witness.path, 'utf8').catch(() => '')).toContain('"size":1,');
    await signs.signing.onModuleDestroy();
  });

  it('has one chain of heads, whichever replicas sign at once', async () => {
    const replicas = [lab, replica(world), replica(world)];
    for (const each of replicas) await each.keys.onModuleInit();
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(replicas.map((each) => each.audit.record([recordOf(), recordOf()])));
      await Promise.all(replicas.map((each) => each.signing.signNow()));
    }
    expect(await verified()).toMatchObject({ intact: true, checkedRecords: 30, unsignedRecords: 0 });
  });

  it('takes in what was stored before there was a tree', async () => {
    await lab.audit.record([recordOf(), recordOf()]);
    await sql('UPDATE "sentinel"."audit_records" SET "leaf_hash" = NULL, "about" = NULL, "input_bytes" = NULL');
    await lab.signing.onApplicationBootstrap();
    await lab.signing.onModuleDestroy();
    expect(await verified()).toMatchObject({ intact: true, checkedRecords: 2, unsignedRecords: 0 });
  });

  it('is searched newest first, page by page, by time and by severity', async () => {
    const early = recordOf({ at: '2027-01-01T00:00:00.000Z', outcome: 'internal' });
    const refused = recordOf({ decision: 'deny', outcome: 'forbidden' });
    const mistake = recordOf({ outcome: 'invalid_input' });
    await lab.audit.record([early, refused, mistake, recordOf()]);
    const ids = async (query: object) => (await lab.search.query({ limit: 100, ...query })).records.map(({ id }) => id);
    expect(await ids({ severity: 'error' })).toEqual([early.id]);
    expect(await ids({ severity: 'warning' })).toEqual([refused.id, early.id]);
    expect(await ids({ severity: 'notice' })).toEqual([mistake.id, refused.id, early.id]);
    expect(await ids({ to: '2027-01-02T00:00:00.000Z' })).toEqual([early.id]);
    expect(await ids({ from: '2027-01-02T00:00:00.000Z', severity: 'warning' })).toEqual([refused.id]);
    expect(await ids({ callId: mistake.callId })).toEqual([mistake.id]);
    const first = await lab.search.query({ limit: 3 });
    const rest = await lab.search.query({ limit: 3, before: first.next });
    expect([first.records.length, rest.records.map(({ id }) => id), rest.next]).toEqual([3, [early.id], undefined]);
  });
});

describe('a log that somebody altered', () => {
  it.each([
    ['who called', `"wallet_id" = 'wal_forged'`],
    ['what was decided', `"decision" = 'deny'`],
    ['when', `"at" = "at" + interval '1 hour'`],
    ['what it was about', `"about" = '{"datasetId":"ds_other"}'`],
    ['its hash alone', `"leaf_hash" = sha256('x')`],
  ])('shows that %s was changed', async (_what, change) => {
    await written(5, 5);
    await sql(`UPDATE "sentinel"."audit_records" SET ${change} WHERE "cursor" = 7`);
    expect(await problems()).toContain('record 7 is not what was recorded: it was changed');
  });

  it('shows a change that was made to fit its hash', async () => {
    await written(5, 5);
    const forged = recordOf({ walletId: newWalletId() });
    await lab.audit.record([forged]);
    await sql('UPDATE "sentinel"."audit_records" SET "cursor" = -7 WHERE "cursor" = 7');
    await sql('UPDATE "sentinel"."audit_records" SET "cursor" = 7 WHERE "cursor" = 11');
    expect(await problems()).toEqual(['records 6 to 10 are not those that the head in the database was signed for']);
  });

  it('shows that a record was taken out', async () => {
    await written(5, 5);
    await sql('DELETE FROM "sentinel"."audit_records" WHERE "cursor" = 3');
    expect(await problems()).toEqual(['record 3 is missing']);
  });

  it('shows that two records changed places', async () => {
    await written(5, 5);
    for (const [from, to] of [
      [7, -1],
      [8, 7],
      [-1, 8],
    ])
      await sql('UPDATE "sentinel"."audit_records" SET "cursor" = $2 WHERE "cursor" = $1', from, to);
    expect(await problems()).toEqual(['records 6 to 10 are not those that the head in the database was signed for']);
  });

  it('shows that its end was cut off, and gives the places that were signed for to no other record', async () => {
    await written(5, 5);
    await sql('DELETE FROM "sentinel"."audit_records" WHERE "cursor" > 8');
    expect(await problems()).toEqual(['records 9 to 10 were signed for and are gone: the log was cut']);
    await lab.audit.record([recordOf()]);
    expect(await problems()).toEqual(['records 9 to 10 are missing']);
  });

  it('shows by the witness file that its end was cut off together with the heads over it', async () => {
    await written(5, 5);
    await sql('DELETE FROM "sentinel"."audit_records" WHERE "cursor" > 5');
    await sql('DELETE FROM "sentinel"."audit_tree_heads" WHERE "size" > 5');
    expect(await problems()).toEqual(['records 6 to 10 were signed for and are gone: the log was cut']);
    await written(5);
    expect(await problems()).toEqual([
      `records 6 to 10 are not those that the head in ${lab.witness.path} was signed for`,
    ]);
  });

  it('shows a head that its key did not sign', async () => {
    await written(5, 5);
    await sql(
      `UPDATE "sentinel"."audit_tree_heads" SET "checkpoint" = replace("checkpoint", 'A', 'B') WHERE "size" = 5`,
    );
    await sql(`UPDATE "sentinel"."audit_tree_heads" SET "checkpoint" = 'x' WHERE "size" = 10`);
    expect(await problems()).toContain('a head in the database (10 records) is not signed by the log’s key');
    await writeFile(lab.witness.path, '{"size":5}\n');
    expect(await problems()).toContain(`a head in ${lab.witness.path} is not signed by the log’s key`);
  });

  it('is not signed for again', async () => {
    await written(5, 5);
    await sql(`UPDATE "sentinel"."audit_records" SET "leaf_hash" = sha256('x') WHERE "cursor" = 9`);
    const restarted = replica(world);
    await restarted.keys.onModuleInit();
    await restarted.audit.record([recordOf()]);
    await expect(restarted.signing.signNow()).rejects.toMatchObject({ code: 'conflict' });
    expect((await restarted.heads.newestHead())?.size).toBe(10);
  });

  it('refuses what cannot be asked of it', async () => {
    await written(5, 5);
    await expect(verified({ olderSize: 4 })).rejects.toThrow('no signed head over 4 records; the next is over 5');
    await expect(verified({ olderSize: 10, newerSize: 5 })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
