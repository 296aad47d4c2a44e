// Answers in MCP's words: what is too large to be in one is linked to, for programs and for who looks.
import { blobLink, curator, linkBlock } from '@labmesh/contracts';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { CatalogueName } from '../catalogue/listing.js';
import { answerOf } from './tool-result.js';

const output = z.object({ files: z.array(blobLink('A file')) });
const tool: CatalogueName = {
  agent: 'curator',
  tool: 'fetch_dataset',
  name: 'curator_fetch_dataset',
  spec: { ...curator.tools.fetch_dataset, output },
};

it('a link in an answer is a block to follow, too', () => {
  const blobId = 'blob_curator_01920000-0000-7000-8000-000000000001';
  const link = {
    blobId,
    name: 'flares.csv',
    mediaType: 'text/csv',
    bytes: 3,
    url: `https://lab.example/blobs/${blobId}`,
  };
  const answer = { files: [link] };
  expect(answerOf(tool, answer, undefined).result).toEqual({
    structuredContent: answer,
    content: [
      { type: 'text', text: JSON.stringify(answer) },
      { type: 'resource_link', uri: link.url, name: 'flares.csv', mimeType: 'text/csv', size: 3 },
    ],
  });
  expect(answerOf(tool, { files: [] }, undefined).result.content).toHaveLength(1);
  expect(linkBlock(link)).toMatchObject({ uri: link.url });
});
