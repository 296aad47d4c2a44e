// A dump on its way: the same parts come out of the lines, and a line that breaks off is told.
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { DumpPart } from './dump.js';
import { dumpLines, partsOf } from './dump-lines.js';

const ROWS = Array.from({ length: 1_200 }, (_, at) => JSON.stringify([String(at), null, 'a "word"\n']));
const PARTS: readonly DumpPart[] = [
  { kind: 'start', takenAt: '2026-11-29T00:00:00.000Z', migrations: [{ name: 'one', checksum: 'x' }] },
  { kind: 'table', table: { schema: 'a', name: 'empty', columns: ['x'] } },
  { kind: 'table', table: { schema: 'a', name: 'full', columns: ['x', 'y', 'z'] } },
  { kind: 'rows', lines: ROWS },
  { kind: 'end', sequences: [{ sql: 'a.s', last: '9007199254740993', called: true }] },
];

async function* given(parts: readonly DumpPart[]): AsyncGenerator<DumpPart> {
  yield* parts;
}
async function read(text: Iterable<string>): Promise<DumpPart[]> {
  const parts: DumpPart[] = [];
  for await (const part of partsOf(Readable.from(text))) parts.push(part);
  return parts;
}
async function lines(parts: readonly DumpPart[]): Promise<string> {
  let text = '';
  for await (const line of dumpLines(given(parts))) text += line;
  return text;
}

it('comes out as it went in, in batches that are no larger than they may be', async () => {
  const parts = await read([await lines(PARTS)]);
  expect(parts.filter(({ kind }) => kind !== 'rows')).toEqual(PARTS.filter(({ kind }) => kind !== 'rows'));
  const batches = parts.flatMap((part) => (part.kind === 'rows' ? [part.lines] : []));
  expect(batches.flat()).toEqual(ROWS);
  expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(500);
});

it('says when its end did not come', async () => {
  await expect(read([await lines(PARTS.slice(0, -1))])).rejects.toMatchObject({ code: 'conflict' });
});
