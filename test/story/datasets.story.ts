// A dataset of the promised size gets in and out, however its text is escaped on the way; a larger one is refused by that limit.
import type { LabClient } from '@labmesh/testing';
import { describe, expect, it } from 'vitest';
import type { Lab } from '../harness/lab-under-test.js';

const BYTES_MAX = 3 * 1024 * 1024;

/** JSON of exactly so many bytes, in which the text is repeated. */
function jsonOf(bytes: number, text: string): string {
  const written = JSON.stringify(text).slice(1, -1);
  const frame = '[{"text":""}]';
  const room = bytes - frame.length;
  const times = Math.floor(room / Buffer.byteLength(written));
  return `[{"text":"${written.repeat(times)}"}]`.padEnd(
    bytes - Buffer.byteLength(written.repeat(times)) + written.length * times,
  );
}

const CONTENTS: ReadonlyArray<readonly [string, (bytes: number) => { content: string; encoding?: string }]> = [
  ['plain text', (bytes) => ({ content: jsonOf(bytes, 'x') })],
  ['quotes', (bytes) => ({ content: jsonOf(bytes, '"') })],
  ['ends of lines', (bytes) => ({ content: `[{"a":1}]${'\n'.repeat(bytes - 9)}` })],
  ['letters of two bytes', (bytes) => ({ content: jsonOf(bytes, 'é') })],
  ['base64', (bytes) => ({ content: Buffer.from(jsonOf(bytes, '"')).toString('base64'), encoding: 'base64' })],
];

export function datasetStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  describe.each(CONTENTS)('a dataset of %s', (_, contentOf) => {
    it('may have 3 MiB, and comes back as it went in', async () => {
      const given = contentOf(BYTES_MAX);
      const { dataset } = await place().operator.call<{ dataset: { datasetId: string; bytes: number } }>(
        'curator_submit_dataset',
        {
          name: 'As large as it may be',
          format: 'json',
          ...given,
        },
      );
      expect(dataset.bytes).toBe(BYTES_MAX);
      const { content } = await place().operator.call<{ content: { data: string } }>('curator_fetch_dataset', {
        datasetId: dataset.datasetId,
        as: 'content',
        inline: true,
      });
      const text = given.encoding === 'base64' ? Buffer.from(given.content, 'base64').toString() : given.content;
      expect(content.data === text).toBe(true);
    });

    it.each([BYTES_MAX + 1, BYTES_MAX + 1_000_000])('is refused with %d bytes, by this limit', async (bytes) => {
      await expect(
        place().operator.call('curator_submit_dataset', { name: 'Too large', format: 'json', ...contentOf(bytes) }),
      ).rejects.toMatchObject({ code: 'too_large', message: expect.stringContaining(`at most ${BYTES_MAX}`) });
    });
  });

  it('says by its code why a body is refused that no dataset needs', async () => {
    const answer = await fetch(`${place().lab.url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${place().lab.operatorToken()}`,
      },
      body: JSON.stringify({ text: 'x'.repeat(11 * 1024 * 1024) }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([413, { error: { data: { code: 'too_large' } } }]);
  });
}
