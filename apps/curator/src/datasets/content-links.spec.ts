// Content that is too large for an answer is linked to, and the link opens for whoever may read the dataset.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { curatorBlobs } from '../curator.blobs.js';
import { type CuratorParts, curatorParts, walletOf } from '../curator.testing.js';
import { Pictures } from '../sources/pictures.repository.js';

let parts: CuratorParts;
beforeAll(async () => {
  parts = await curatorParts();
});
afterAll(() => parts[Symbol.asyncDispose]());

const wallet = () => walletOf(() => parts);
const csvOf = (bytes: number): string => `a\n${'1234567\n'.repeat(bytes / 8)}`;

it('over 256 KiB is a link, unless the caller wants it in the answer', async () => {
  const { use, call } = wallet();
  const content = csvOf(400_000);
  const { dataset } = await use('submit_dataset', { name: 'Numbers', format: 'csv', content });
  const { datasetId, sha256 } = dataset;
  const { content: inAnswer, link } = await use('fetch_dataset', { datasetId, as: 'content' });
  expect(inAnswer).toBeUndefined();
  expect(link).toMatchObject({ bytes: content.length, mediaType: 'text/csv' });
  const inline = await use('fetch_dataset', { datasetId, as: 'content', inline: true });
  expect(inline.content?.data === content).toBe(true);
  expect(inline.link).toBeUndefined();
  const { open } = curatorBlobs(parts.reader, new Pictures(parts.database, parts.references));
  const id = link?.blobId ?? '';
  expect(await open(id, call)).toMatchObject({ sha256, bytes: content.length, mediaType: 'text/csv' });
  await expect(async () => open(id, wallet().call)).rejects.toMatchObject({ code: 'not_found' });
  await use('withdraw_dataset', { datasetId });
  await expect(async () => open(id, call)).rejects.toMatchObject({ code: 'not_found' });
});

it('below is in the answer', async () => {
  const { use } = wallet();
  const { dataset } = await use('submit_dataset', { name: 'Few', format: 'csv', content: csvOf(800) });
  const { content, link } = await use('fetch_dataset', { datasetId: dataset.datasetId, as: 'content' });
  expect([content?.data, link]).toEqual([csvOf(800), undefined]);
});
