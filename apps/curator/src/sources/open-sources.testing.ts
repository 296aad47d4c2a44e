// The sources on a real embedded database, without a Sentinel: what specs of this folder begin with.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Blobs, openBlobs } from '@labmesh/blobs';
import { curator, type Role } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { readCuratorConfig } from '../config.js';
import { curatorOn, walletOf } from '../curator.testing.js';
import { readingTools } from '../curator.tools.js';
import { LAB } from '../datasets/dataset.js';
import { DatasetSlices } from './dataset-slices.js';
import { DatasetStore } from './dataset-store.js';
import { ImageFetcher } from './image-fetcher.js';
import { Pictures } from './pictures.repository.js';
import { SourceCatalog } from './source-catalog.js';
import { SourceDirectory } from './source-directory.js';
import { type Fetched, type FetchProgress, SourceFetcher, type Within } from './source-fetcher.js';
import { SourceKeys } from './source-keys.js';
import { SourceKinds } from './source-kinds.js';
import { SourceRateRepository } from './source-rate.repository.js';
import { SourceStateRepository } from './source-state.repository.js';
import { SourceTester } from './source-tester.js';
import { SourcesRepository } from './sources.repository.js';
import type { Wish } from './stream-asked.js';

/** Seals by turning a text round: enough to see that what is stored is not the key. */
const turned = (text: string): string => [...text].reverse().join('');
const sealing = {
  request: async (subject: string, input: unknown): Promise<unknown> => {
    const { secret, sealed } = input as { secret?: string; sealed?: string };
    return subject.endsWith('seal_secret') ? { sealed: turned(secret ?? '') } : { secret: turned(sealed ?? '') };
  },
};

export interface OpenSources extends AsyncDisposable {
  readonly database: Database;
  readonly told: string[];
  /** One replica: all of them share the database. */
  replica(env?: Record<string, string>): Replica;
}

export type Replica = ReturnType<typeof replicaOn>;

export async function openSources(env: Record<string, string> = {}): Promise<OpenSources> {
  const folder = await mkdtemp(join(tmpdir(), 'labmesh-sources-'));
  const database = await openDatabase({ folder: join(folder, 'pg') });
  const blobs = await openBlobs({ folder: join(folder, 'blobs') });
  const told: string[] = [];
  return {
    database,
    told,
    replica: (more = {}) => replicaOn({ database, blobs }, { ...env, ...more }, told),
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await blobs.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function replicaOn(
  { database, blobs }: { database: Database; blobs: Blobs },
  env: Record<string, string>,
  told: string[],
) {
  const config = readCuratorConfig(env);
  const repository = new SourcesRepository(database);
  const state = new SourceStateRepository(database);
  const catalog = new SourceCatalog(repository, config);
  const keys = new SourceKeys(repository, sealing as never);
  const kinds = new SourceKinds(config, keys, new SourceRateRepository(database));
  const { repository: datasets, changes, references, contents } = curatorOn(database, blobs);
  const store = new DatasetStore(datasets, changes, references);
  const log = { warn: (_at: unknown, text?: string) => void told.push(text ?? ''), info: () => undefined };
  const fetcher = new SourceFetcher(catalog, state, kinds, store, log as never);
  /** Fetches to the end. */
  const fetch = async (wish: Wish, within: Partial<Within> = {}): Promise<Fetched> => {
    const fetching = fetcher.fetch(wish, {
      deadline: Date.now() + 120_000,
      signal: new AbortController().signal,
      force: true,
      ...within,
    });
    for (;;) {
      const next = await fetching.next();
      if (next.done === true) return next.value;
    }
  };
  const pictures = new Pictures(database, references);
  const { fetch_dataset } = readingTools(contents, new DatasetSlices(state, catalog, fetcher));
  /** As a wallet of this role, to the end, with what was told on the way. */
  const read = async (input: object, role: Role = 'researcher') => {
    const { call } = walletOf(() => ({ tools: {} as never }), role);
    const told: string[] = [];
    const reading = fetch_dataset(curator.tools.fetch_dataset.input.parse(input), call);
    for (;;) {
      const next = await reading.next();
      if (next.done === true) return { ...curator.tools.fetch_dataset.output.parse(next.value), told };
      told.push((next.value as FetchProgress).message);
    }
  };
  const rowsOf = async (id: string): Promise<Array<Record<string, unknown>>> => {
    const record = await datasets.find(id, LAB);
    const content = await references.store.read(record?.sha256 ?? '');
    return JSON.parse(Buffer.concat(await content.toArray()).toString()) as Array<Record<string, unknown>>;
  };
  return {
    config,
    catalog,
    keys,
    kinds,
    state,
    store,
    fetcher,
    fetch,
    read,
    rowsOf,
    pictures,
    references,
    images: new ImageFetcher(catalog, kinds, pictures, references),
    directory: new SourceDirectory(catalog, state, repository),
    tester: new SourceTester(catalog, kinds),
  };
}
