// Brings a backup into an empty lab: content first, then all rows in one transaction, with the keys just before they are kept. A
// process that ends on the way leaves a lab that refuses to start and says so; the same restore, begun again, goes on.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Blobs, openBlobs } from '@labmesh/blobs';
import { AGENTS, AppError } from '@labmesh/contracts';
import { type ArchiveEntry, archiveEntries } from './archive-reader.js';
import { refuseAborted } from './archive-writer.js';
import {
  beginRestore,
  type CarriedDatabase,
  carriedDatabase,
  checkTarget,
  type DumpPart,
  finishRestore,
} from './carried.repository.js';
import { KEY_FILES, type LabPlaces } from './lab-places.js';
import { refuseForeignKey } from './lab-seals.js';
import { BLOBS, blobOf, damaged, type Manifest, TABLES, tableOf } from './manifest.js';
import type { LabKeys } from './sealed-keys.js';
import { tableLines, type VerifiedBackup } from './verifying.js';

export interface RestorePlan {
  readonly path: string;
  readonly backup: VerifiedBackup;
  readonly places: LabPlaces;
  /** Left out: they are not written. */
  readonly keys: LabKeys | undefined;
  /** Those that the lab has already: from its folder, or the environment. */
  readonly present: LabKeys | undefined;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly onBytes: (read: number) => void;
}

export interface Restored {
  readonly database: 'embedded' | 'postgres';
  /** Went on with a restore that was not finished. */
  readonly again: boolean;
  /** Migrations that were applied after the rows, as the backup is older. */
  readonly forward: readonly string[];
  readonly keys: 'written' | 'there already' | 'not restored';
}

/** @throws AppError conflict when the lab is not empty; then nothing was touched */
export async function restoreBackup(plan: RestorePlan): Promise<Restored> {
  refuseOtherKeys(plan);
  const key = plan.keys ?? plan.present;
  if (key !== undefined) refuseForeignKey(plan.backup.signing, key, keySaid(plan));
  if (plan.dryRun) return { ...(await lookedAt(plan)), keys: keysToBe(plan) };
  const { places, backup } = plan;
  await mkdir(places.home, { recursive: true, mode: 0o700 });
  await using database = await carriedDatabase({ url: places.databaseUrl, folder: places.databaseFolder });
  const target = await checkTarget(database.pool, backup.manifest);
  const blobs = await openBlobs({ url: places.blobsUrl, folder: places.blobsFolder });
  try {
    await refuseOtherContent(blobs, plan);
    return { database: database.kind, ...target, keys: await bring(plan, { database, blobs }) };
  } finally {
    await blobs.close();
  }
}

/** What is not there yet is not made. */
async function lookedAt(plan: RestorePlan): Promise<Omit<Restored, 'keys'>> {
  const { places, backup } = plan;
  const { databaseUrl: url, databaseFolder: folder, blobsUrl, blobsFolder } = places;
  if (blobsUrl !== undefined || existsSync(blobsFolder)) {
    const blobs = await openBlobs({ url: blobsUrl, folder: blobsFolder });
    await refuseOtherContent(blobs, plan).finally(() => blobs.close());
  }
  if (url === undefined && !existsSync(folder)) return { database: 'embedded', again: false, forward: [] };
  await using database = await carriedDatabase({ url, folder });
  return { database: database.kind, ...(await checkTarget(database.pool, backup.manifest)) };
}

const keysToBe = ({ keys, present }: RestorePlan): Restored['keys'] =>
  keys === undefined ? 'not restored' : present === undefined ? 'written' : 'there already';

async function bring(plan: RestorePlan, into: { database: CarriedDatabase; blobs: Blobs }): Promise<Restored['keys']> {
  const { manifest } = plan.backup;
  const { path, signal, onBytes } = plan;
  let keys: Restored['keys'] = 'not restored';
  await beginRestore(into.database.pool, manifest);
  const entries = archiveEntries({ path, signal, onBytes });
  try {
    const first = await bringContent(entries, into.blobs, signal);
    await finishRestore(into.database.pool, partsOf(first, entries, manifest), {
      ready: async () => {
        refuseAborted(signal);
        keys = await writeKeys(plan);
      },
    });
  } finally {
    await entries.return(undefined);
  }
  return keys;
}

/** Answers the first entry that is a table. */
async function bringContent(
  entries: AsyncGenerator<ArchiveEntry>,
  blobs: Blobs,
  signal: AbortSignal,
): Promise<ArchiveEntry | undefined> {
  for (;;) {
    const { value: entry, done } = await entries.next();
    if (done === true) return undefined;
    if (entry.name.startsWith(TABLES)) return entry;
    if (!entry.name.startsWith(BLOBS)) continue;
    const { agent, sha256 } = blobOf(entry.name);
    const store = blobs.of(agent);
    const there = await store.stat(sha256);
    if (there?.bytes !== entry.bytes) await store.put(entry.content, { sha256, signal });
  }
}

/** The tables as a dump. They are what was verified before, or nothing of them is kept. */
async function* partsOf(
  first: ArchiveEntry | undefined,
  entries: AsyncGenerator<ArchiveEntry>,
  manifest: Manifest,
): AsyncGenerator<DumpPart> {
  yield { kind: 'start', takenAt: manifest.takenAt, migrations: manifest.migrations };
  const expected = new Map(manifest.tables.map((table) => [table.name, table]));
  for (let entry = first; entry?.name.startsWith(TABLES); entry = (await entries.next()).value ?? undefined) {
    const hash = createHash('sha256');
    for await (const part of tableLines(entry)) {
      if (!Array.isArray(part)) yield { kind: 'table', table: part };
      else {
        hash.update(`${part.join('\n')}\n`);
        yield { kind: 'rows', lines: part };
      }
    }
    const name = tableOf(entry.name);
    if (hash.digest('hex') !== expected.get(name)?.sha256)
      throw damaged(`the rows of ${name} changed while it was read`);
    expected.delete(name);
  }
  const [left] = expected.keys();
  if (left !== undefined) throw damaged(`the table ${left} is missing`);
  yield { kind: 'end', sequences: manifest.sequences };
}

/** Another lab's bytes would be removed here in time, as no row of this one names them. @throws AppError conflict */
async function refuseOtherContent(blobs: Blobs, { backup, places }: RestorePlan): Promise<void> {
  const agents = new Set([
    ...AGENTS.map(({ name }) => name),
    ...[...backup.content].map((name) => name.split('/')[0] ?? ''),
  ]);
  for (const agent of agents)
    for await (const { sha256 } of blobs.of(agent).list())
      if (!backup.content.has(`${agent}/${sha256}`))
        throw new AppError(
          'conflict',
          `Cannot restore: the place for bytes ${places.blobsUrl ?? places.blobsFolder} holds content of another lab. Nothing was changed. Give an empty folder, or a prefix of its own in S3 (BLOBS_URL).`,
        );
}

const keySaid = ({ keys, places }: RestorePlan): string =>
  keys === undefined
    ? `Cannot restore: the master key in ${join(places.home, KEY_FILES.masterKey)}, or in LABMESH_MASTER_KEY,`
    : 'Cannot restore: the master key in the backup';

/** @throws AppError conflict */
function refuseOtherKeys({ keys, present, places }: RestorePlan): void {
  if (keys === undefined || present === undefined || present.masterKey === keys.masterKey) return;
  throw new AppError(
    'conflict',
    `Cannot restore the keys: ${join(places.home, KEY_FILES.masterKey)}, or LABMESH_MASTER_KEY, holds another master key. Nothing was changed. Move it away, or give an empty folder: --home.`,
  );
}

async function writeKeys({ keys, present, places }: RestorePlan): Promise<Restored['keys']> {
  if (keys === undefined) return 'not restored';
  if (present !== undefined) return 'there already';
  if (keys.masterKeyNext !== undefined) await writeOnce(join(places.home, KEY_FILES.masterKeyNext), keys.masterKeyNext);
  await writeOnce(join(places.home, KEY_FILES.masterKey), keys.masterKey);
  return 'written';
}

/** It appears whole, and in the place of nothing but the same. */
async function writeOnce(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${text}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return await rename(draft, path); // a file system that knows no second names
    if ((await readFile(path, 'utf8')).trim() !== text)
      throw new AppError('conflict', `Cannot write ${path}: another key is there.`);
  } finally {
    await rm(draft, { force: true });
  }
}
