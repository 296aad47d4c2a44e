// Rows as a station sends them, the same in every run: ten columns, one of them with gaps.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const KINDS = ['B', 'C', 'M'];
const BLOCK = 1_000_000;

export const rowOf = (n: number) => ({
  id: n,
  time: new Date(1.5e12 + n * 1_000).toISOString(),
  station: `st${n % 97}`,
  flux: Math.round(Math.sin(n) * 1e6) / 1e6,
  count: (n * 7) % 1_000,
  ok: n % 3 === 0,
  note: n % 5 === 0 ? `text ${n}` : null,
  lat: (n % 180) - 90 + 0.25,
  lon: (n % 360) - 180.5,
  kind: KINDS[n % 3] ?? '',
});

export type Measured = 'ndjson' | 'json' | 'csv';

/** How a row is written in each format, and what stands before, between and after them. */
const FORMS: Readonly<Record<Measured, { begin: string; between: string; end: string; of: (n: number) => string }>> = {
  ndjson: { begin: '', between: '\n', end: '\n', of: (n) => JSON.stringify(rowOf(n)) },
  json: { begin: '[\n', between: ',\n', end: '\n]\n', of: (n) => JSON.stringify(rowOf(n)) },
  csv: { begin: `${Object.keys(rowOf(0)).join(',')}\n`, between: '\n', end: '\n', of: (n) => Object.values(rowOf(n)).join(',') },
};

/** Rows of at least so many bytes; answers how many. */
export async function writeMeasured(file: string, bytes: number, format: Measured = 'ndjson'): Promise<number> {
  const { begin, between, end, of } = FORMS[format];
  const stream = createWriteStream(file);
  let [rows, written, block] = [0, 0, begin];
  for (; written < bytes; rows += 1) {
    block += `${rows === 0 ? '' : between}${of(rows)}`;
    if (block.length < BLOCK) continue;
    written += block.length;
    if (!stream.write(block)) await once(stream, 'drain');
    block = '';
  }
  stream.end(block + end);
  await once(stream, 'close');
  return rows;
}
