// Links in answers are found wherever a contract says that they may stand, and nowhere else.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { AGENTS } from './agents.js';
import { agentOfBlob, BlobId, blobId, UploadId, uploadId } from './blob.js';
import { blobLink, linksIn } from './blob-links.js';
import { gatewayName, publicTools } from './names.js';

const UUID = '01920000-0000-7000-8000-000000000001';
const link = (name: string) => ({ blobId: blobId('curator', UUID), name, mediaType: 'text/csv', bytes: 1 });

it('finds the very links of a value', () => {
  const schema = z.object({
    one: blobLink('One').optional(),
    none: blobLink('None').nullable(),
    many: z.array(z.object({ file: blobLink('A file') })),
    either: z.union([z.object({ file: blobLink('A file') }), z.string()]),
    other: z.record(z.string(), z.unknown()),
  });
  const value = schema.parse({
    one: link('a'),
    none: null,
    many: [{ file: link('b') }, { file: link('c') }],
    either: { file: link('d') },
    other: { file: link('no link: nothing says so') },
  });
  const found = linksIn(schema, value);
  expect(found.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
  expect(found[0]).toBe(value.one);
  expect(linksIn(schema, { many: [], either: 'text', other: {} })).toEqual([]);
  expect(linksIn(z.object({ name: z.string() }), { name: 'x' })).toEqual([]);
});

it('an id says whose blob it is, and nothing else is one', () => {
  expect(agentOfBlob(blobId('curator', UUID))).toBe('curator');
  for (const other of ['', 'blob_', `blob_Curator_${UUID}`, `blob_curator_${UUID}x`, `blob_../x_${UUID}`, `up_${UUID}`])
    expect([agentOfBlob(other), BlobId.safeParse(other).success]).toEqual([undefined, false]);
  expect(UploadId.parse(uploadId(UUID))).toBe(`up_${UUID}`);
  expect(UploadId.safeParse(`up_${UUID}/..`).success).toBe(false);
});

it('what leads to a blob is a tool that there is', () => {
  const names = publicTools(AGENTS).map(({ agent, tool }) => gatewayName(agent, tool));
  for (const { blobs } of AGENTS) for (const name of blobs?.through ?? []) expect(names).toContain(name);
});
