// What jobs left: listed, read, expired, and nobody else's.
import { mechanic } from '@labmesh/contracts';
import { Lifecycle } from '@labmesh/runtime';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogUpkeep } from './log-upkeep.repository.js';
import { callOf, type LogsLab, logsLab } from './logs.testing.js';

let lab: LogsLab;
beforeAll(async () => {
  lab = await logsLab();
});
afterAll(() => lab[Symbol.asyncDispose]());

const someone = (): string => `wal_${uuidv7()}`;
const { list_artifacts, get_artifact } = mechanic.tools;

interface Left {
  readonly path: string;
  readonly content: Uint8Array;
  readonly kind?: 'artifact' | 'checkpoint';
  readonly expiresAt?: Date;
}

/** As a worker keeps a file of a job's. */
async function leave(jobId: string, { path, content, kind = 'artifact', expiresAt }: Left): Promise<string> {
  const { references, database } = lab;
  const ref = await references.store.put([content]);
  return database.prisma.$transaction(async (tx) => {
    const named = {
      ...ref,
      mediaType: 'application/octet-stream',
      name: path.split('/').at(-1) ?? path,
      owner: 'jobs',
    };
    const [blobId = ''] = await references.claim(tx, [named]);
    await tx.jobArtifact.create({
      data: {
        jobId,
        kind,
        path,
        attempt: 1,
        blobId,
        sha256: ref.sha256,
        bytes: ref.bytes,
        expiresAt: expiresAt ?? null,
      },
    });
    return blobId;
  });
}

const logger = { info: () => undefined, warn: () => undefined } as never;
const upkeep = (): LogUpkeep => new LogUpkeep(lab.database, lab.references, new Lifecycle(), logger);

describe('artefacts', () => {
  it('are listed page by page in the order of their paths, by kind', async () => {
    const owner = someone();
    const jobId = await lab.job(owner);
    const paths = ['a/ü.txt', 'B.txt', 'a.txt', 'a/b.txt', 'é'];
    for (const path of paths) await leave(jobId, { path, content: Buffer.from(path) });
    await leave(jobId, { path: 'step-1', content: Buffer.from('1'), kind: 'checkpoint' });
    const { files } = lab.replica();
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const input = list_artifacts.input.parse({ jobId, limit: 2, cursor });
      const page = list_artifacts.output.parse(await files.list(input, callOf(owner)));
      seen.push(...page.artifacts.map(({ path }) => path));
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    expect(seen).toEqual([...paths].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))));
    const checkpoints = await files.list(list_artifacts.input.parse({ jobId, kind: 'checkpoint' }), callOf(owner));
    expect(checkpoints.artifacts).toMatchObject([{ path: 'step-1', bytes: 1, attempt: 1, expiresAt: null }]);
  });

  it('come as a link, and small texts in the answer', async () => {
    const owner = someone();
    const jobId = await lab.job(owner);
    const content = Buffer.from('{"loss": 0.1}');
    const blobId = await leave(jobId, { path: 'metrics.json', content });
    await leave(jobId, { path: 'model.bin', content: Buffer.of(0xff, 0xfe) });
    await leave(jobId, { path: 'large.txt', content: Buffer.alloc(20_000, 'x') });
    const { files, blobs } = lab.replica();
    const get = (path: string, call = callOf(owner)) => files.get(get_artifact.input.parse({ jobId, path }), call);
    expect(await get('metrics.json')).toMatchObject({
      text: String(content),
      bytes: content.length,
      link: { blobId, name: 'metrics.json' },
    });
    expect(await get('model.bin')).not.toHaveProperty('text');
    expect(await get('large.txt')).not.toHaveProperty('text');
    expect(await blobs.open(blobId, callOf(owner))).toMatchObject({ bytes: content.length, name: 'metrics.json' });
    expect(await blobs.open(blobId, callOf(someone(), 'operator'))).toMatchObject({ bytes: content.length });
    await expect(get('nothing')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are not there for another wallet: neither files nor bytes, nor chunks of a log', async () => {
    const owner = someone();
    const jobId = await lab.job(owner);
    const blobId = await leave(jobId, { path: 'secret.txt', content: Buffer.from('secret') });
    const log = await lab.attempt(jobId, 1, await lab.worker());
    await log.write('stdout', Buffer.from('secret'));
    await log.close();
    await lab.end(jobId, 1);
    const { rows } = await lab.run('SELECT blob_id FROM mechanic.job_log_chunks WHERE job_id = $1', [jobId]);
    const { files, blobs } = lab.replica();
    const other = callOf(someone());
    const refusal = { code: 'not_found' };
    await expect(files.list(list_artifacts.input.parse({ jobId }), other)).rejects.toMatchObject(refusal);
    await expect(files.get(get_artifact.input.parse({ jobId, path: 'secret.txt' }), other)).rejects.toMatchObject(
      refusal,
    );
    for (const id of [blobId, rows[0].blob_id]) {
      await expect(blobs.open(id, other)).rejects.toMatchObject(refusal);
      await expect(blobs.open(id, callOf(owner))).resolves.toBeDefined();
    }
  });

  it('are beside files that were written for one wallet: there for it alone, the newest few, for a day', async () => {
    const [owner, other] = [someone(), someone()];
    const { written, blobs } = lab.replica();
    const file = (name: string) => ({ name, mediaType: 'text/plain', text: `of ${name}` });
    const [first] = await written.keep([file('first'), file('beside')], owner);
    const theirs = await written.keep([file('theirs')], other);
    const id = first?.blobId ?? '';
    expect(await blobs.open(id, callOf(owner))).toMatchObject({ name: 'first', bytes: 8, mediaType: 'text/plain' });
    for (const call of [callOf(other), callOf(other, 'operator')])
      await expect(blobs.open(id, call)).rejects.toMatchObject({ code: 'not_found' });
    for (let n = 0; n < 19; n += 1) await written.keep([file(`more ${n}`)], owner);
    await expect(blobs.open(id, callOf(owner))).rejects.toMatchObject({ code: 'not_found' });
    await expect(blobs.open(theirs[0]?.blobId ?? '', callOf(other))).resolves.toBeDefined();
    await lab.run(`UPDATE mechanic.written_files SET made_at = now() - interval '2 days' WHERE made_for = $1`, [other]);
    await expect(blobs.open(theirs[0]?.blobId ?? '', callOf(other))).rejects.toMatchObject({ code: 'not_found' });
    await upkeep().giveUp();
    const { rows } = await lab.run('SELECT made_for AS "madeFor" FROM mechanic.written_files');
    expect(rows).toEqual(Array.from({ length: 20 }, () => ({ madeFor: owner })));
  });

  it('and logs are given up when their time is over, by one replica', async () => {
    const owner = someone();
    const [old, young] = [await lab.job(owner, 2), await lab.job(owner, 4)];
    const worker = await lab.worker();
    for (const jobId of [old, young]) {
      const log = await lab.attempt(jobId, 1, worker);
      await log.write('stdout', Buffer.alloc(200_000, `${jobId}\n`));
      await log.close();
      await lab.end(jobId, 1);
      await lab.run(`UPDATE mechanic.jobs SET ended_at = now() - interval '3 days' WHERE id = $1`, [jobId]);
    }
    await leave(old, { path: 'gone', content: Buffer.from('gone'), expiresAt: new Date(Date.now() - 1_000) });
    await leave(young, { path: 'kept', content: Buffer.from('kept'), expiresAt: new Date(Date.now() + 60_000) });
    const { files, blobs, stream } = lab.replica();
    const left = async (jobId: string): Promise<number> =>
      (await files.list(list_artifacts.input.parse({ jobId }), callOf(owner))).artifacts.length;
    expect([await left(old), await left(young)]).toEqual([0, 1]);
    const [first, second] = [await upkeep().whenDue(), await upkeep().whenDue()];
    expect(first).toBeGreaterThan(1);
    expect(second).toBe(0);
    const chunks = 'SELECT count(*)::int AS n FROM mechanic.job_log_chunks WHERE job_id = $1';
    expect((await lab.run(chunks, [old])).rows[0].n).toBe(0);
    expect((await lab.run(chunks, [young])).rows[0].n).toBeGreaterThan(0);
    expect((await stream.lastOf(old, 1_000, callOf(owner))).length).toBe(0);
    expect((await stream.lastOf(young, 1_000, callOf(owner))).length).toBeGreaterThan(500);
    const { rows } = await lab.run('SELECT blob_id FROM mechanic.job_artifacts WHERE job_id = $1', [young]);
    await expect(blobs.open(rows[0].blob_id, callOf(owner))).resolves.toMatchObject({ name: 'kept' });
  });
});
