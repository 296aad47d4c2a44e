// Cards of datasets: the newest version of each is kept, however late and often an older one comes, and every replica finds it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '@labmesh/db';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cardOf, documentOf, type RoutedDataset } from './dataset-card.js';
import { DatasetCardsRepository } from './dataset-cards.repository.js';

let folder: string;
let database: Database;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-cards-'));
  database = await openDatabase({ folder: join(folder, 'pg') });
});
afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

const dataset = (version: number, over: Partial<RoutedDataset> = {}): RoutedDataset => ({
  datasetId: 'ds_flares',
  version,
  name: 'Solar flares',
  description: `Flares, edition ${version}.`,
  format: 'json',
  rows: 98,
  bytes: 1_000,
  sha256: 'ab'.repeat(32),
  license: 'CC0-1.0',
  origin: 'DONKI\nof NASA',
  columns: [{ name: 'peak\ntime', type: 'string' }],
  storedAt: '2026-11-28T10:00:00.000Z',
  ...over,
});

it('says what the dataset is, where it came from, and its columns', () => {
  expect(documentOf(cardOf(dataset(2), ['sun']))).toMatchObject({
    collection: 'datasets',
    file: 'datasets/ds_flares.md',
    text: `# Solar flares

Flares, edition 2.

Dataset ds_flares, version 2 of 2026-11-28: 98 rows as json. It came from: DONKI of NASA. Its licence: CC0-1.0. Topics: sun.

## Columns of Solar flares

- \`peak time\`: string
`,
  });
});

it('keeps the newest version of each dataset, and numbers what is new', async () => {
  const cards = new DatasetCardsRepository(database);
  const versions = async (after: number) =>
    (await cards.newerThan(after)).cards.map(({ datasetId, version, sequence }) => [datasetId, version, sequence]);
  await cards.put(cardOf(dataset(2), []));
  await cards.put(cardOf(dataset(1), []));
  await cards.put(cardOf(dataset(2), []));
  await cards.put(cardOf(dataset(1, { datasetId: 'ds_comets' }), []));
  expect(await versions(0)).toEqual([
    ['ds_flares', 2, 1],
    ['ds_comets', 1, 2],
  ]);
  await cards.put(cardOf(dataset(3), []));
  expect(await versions(2)).toEqual([['ds_flares', 3, 3]]);
  await cards.put(cardOf(dataset(3), ['sun']));
  expect(await versions(3)).toEqual([['ds_flares', 3, 4]]);
});

it('takes the card of what was withdrawn away, also when a version comes after it; a later version brings it back', async () => {
  const cards = new DatasetCardsRepository(database);
  const withdrawnIn = async (after: number) =>
    (await cards.newerThan(after)).cards.map(({ datasetId, version, withdrawn }) => [datasetId, version, withdrawn]);
  const last = (await cards.newerThan(0)).cards.at(-1)?.sequence ?? 0;
  const id = { datasetId: 'ds_gone' };
  await cards.put(cardOf(dataset(1, id), []));
  await cards.withdraw(id.datasetId, 2);
  await cards.withdraw(id.datasetId, 2);
  await cards.put(cardOf(dataset(2, id), []));
  await cards.put(cardOf(dataset(1, id), []));
  expect(await withdrawnIn(last)).toEqual([['ds_gone', 2, true]]);
  await cards.put(cardOf(dataset(3, id), []));
  expect(await withdrawnIn(last)).toEqual([['ds_gone', 3, false]]);
  await cards.withdraw(id.datasetId, 2);
  expect(await withdrawnIn(last)).toEqual([['ds_gone', 3, false]]);
  // Withdrawn before anything of it came.
  await cards.withdraw('ds_never', 1);
  await cards.put(cardOf(dataset(1, { datasetId: 'ds_never' }), []));
  expect((await withdrawnIn(last)).at(-1)).toEqual(['ds_never', 1, true]);
});
