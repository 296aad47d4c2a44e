// A whole lab is carried: written into one file while people pay each other, checked without a lab, brought into an empty place of
// the other kind of database, and everything is there that was.
import { hash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type LabClient, postgresDatabase, temporaryFolder } from '@labmesh/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import {
  asJson,
  backup,
  booksOf,
  emptyPlace,
  type Facts,
  PASSPHRASE,
  printed,
  restore,
  startOn,
  steady,
} from '../harness/backups.js';
import { belongingsOf, newcomer, type Person } from '../harness/belongings.js';
import { labmesh } from '../harness/command.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

interface Place {
  readonly lab: Lab;
  readonly operator: LabClient;
  /** What `labmesh backup` must be told to find all of this lab. */
  readonly where: readonly string[];
}

interface Content {
  readonly link?: { readonly url: string };
}

const TEXT = `hour,metres\n${Array.from({ length: 60_000 }, (_, at) => `${at},${(at * 7) % 13}.5`).join('\n')}\n`;

/** Three payers at this pace stay below what a wallet may do in a second, however fast the lab is. */
const PAYS_EVERY_MS = 200;

/** Money goes round until it is told to stop; answers how often it did. */
async function payments({ client, walletId }: Person, operator: LabClient, signal: AbortSignal): Promise<number> {
  let paid = 0;
  for (; !signal.aborted; paid += 1) {
    const idempotencyKey = crypto.randomUUID();
    await operator.call('chancellor_execute_transaction', { to: walletId, amount: '1.5', idempotencyKey });
    await client.call('chancellor_stake', { amount: '0.5', lockDays: 0, idempotencyKey });
    await pause(PAYS_EVERY_MS);
  }
  return paid;
}

async function bytesOfDataset(lab: Lab, token: string, datasetId: string): Promise<string> {
  await using client = await lab.connect(token);
  const { link } = await client.call<Content>('curator_fetch_dataset', { datasetId, as: 'content' });
  if (link === undefined) throw new Error('it is too small to have a link');
  const answer = await fetch(link.url.replace(/^https?:\/\/[^/]+/, lab.url), {
    headers: { authorization: `Bearer ${token}` },
  });
  return hash('sha256', Buffer.from(await answer.arrayBuffer()), 'hex');
}

export function backupStory(place: () => Place): void {
  let folder: string;
  // One for each try: nothing of a try that failed is in the way of the next.
  beforeEach(async () => {
    folder = await temporaryFolder('backups');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  verifies('backup:whole', async () => {
    const { lab, operator, where } = place();
    const person = await newcomer(lab, operator, 'is carried');
    const has = await belongingsOf(person, operator);
    const { token } = await person.client.call<{ token: string }>('sentinel_generate_wallet_token', {
      kind: 'client_key',
    });
    const { dataset } = await person.client.call<{ dataset: { datasetId: string } }>('curator_submit_dataset', {
      name: 'Tides to carry',
      format: 'csv',
      content: TEXT,
    });
    const key = (await printed(labmesh(lab, ['audit', 'key']))).trim();
    await writeFile(join(folder, 'kept.jsonl'), await printed(labmesh(lab, ['audit', 'heads'])));

    const stop = new AbortController();
    const payers = [1, 2, 3].map(() => payments(person, operator, stop.signal));
    const file = join(folder, 'whole.labmesh');
    const made = await asJson<Facts>(backup(lab, file, ...where)).finally(() => stop.abort());
    const paid = (await Promise.all(payers)).reduce((sum, one) => sum + one, 0);
    expect(paid).toBeGreaterThan(0);
    expect(made).toMatchObject({ keys: 'sealed', content: { missing: [] } });
    expect(made.content.count).toBeGreaterThan(0);
    const verified = await asJson<Facts>(labmesh(lab, ['backup', 'verify', file, '--json'], PASSPHRASE));
    expect(verified).toMatchObject({ whole: true, passphrase: 'right', id: made.id, tables: made.tables });

    await using there = await emptyPlace();
    expect(await asJson(restore(there, file, '--dry-run'))).toMatchObject({ restored: false });
    expect(await asJson(restore(there, file))).toMatchObject({
      restored: true,
      into: { database: 'embedded', keys: 'written', forward: [] },
    });
    expect((await restore(there, file)).code).toBe(6);
    const again = await asJson<Facts>(backup(there, join(folder, 'again.labmesh')));
    expect(steady(again)).toEqual(steady(made));
    expect(again.content).toEqual(made.content);

    await using restored = await startOn(there);
    expect(await booksOf(restored)).toMatchObject({ clean: true });
    await using theirs = await restored.connect(token);
    expect(await bytesOfDataset(restored, token, dataset.datasetId)).toBe(hash('sha256', TEXT, 'hex'));
    expect(await theirs.call('sentinel_decrypt_data', { encrypted: has.encrypted })).toMatchObject({
      data: 'quinquireme',
    });
    const { jobs } = await theirs.call<{ jobs: Array<{ jobId: string }> }>('mechanic_list_jobs');
    expect(jobs.map(({ jobId }) => jobId)).toContain(has.jobId);
    const log = join(folder, 'audit.jsonl');
    await writeFile(log, await printed(labmesh(restored, ['audit', 'export'])));
    const proof = labmesh(restored, ['audit', 'verify', '--key', key, join(folder, 'kept.jsonl'), log, '--json']);
    expect(await asJson(proof)).toMatchObject({ proved: true, problems: [] });
  });

  verifies('backup:any-database', async () => {
    const { lab, where } = place();
    const file = join(folder, 'moving.labmesh');
    const made = await asJson<Facts>(backup(lab, file, ...where));
    await using server = await postgresDatabase();
    await using there = await emptyPlace();
    const onServer = ['--database', server.url];
    expect(await asJson(restore(there, file, ...onServer))).toMatchObject({ into: { database: 'postgres' } });
    const moved = join(folder, 'moved.labmesh');
    const again = await asJson<Facts>(backup(there, moved, ...onServer));
    expect(steady(again)).toEqual(steady(made));
    await using other = await postgresDatabase();
    await using further = await emptyPlace();
    await asJson(restore(further, moved, '--database', other.url));
    await using restored = await startOn(further, { DATABASE_URL: other.url });
    expect(await booksOf(restored)).toMatchObject({ clean: true });
  });
}
