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

/** JSON lines of at least so many bytes; answers how many rows. */
export async function writeLines(file: string, bytes: number): Promise<number> {
  const stream = createWriteStream(file);
  let [rows, written, block] = [0, 0, ''];
  for (; written < bytes; rows += 1) {
    block += `${JSON.stringify(rowOf(rows))}\n`;
    if (block.length < BLOCK) continue;
    written += block.length;
    if (!stream.write(block)) await once(stream, 'drain');
    block = '';
  }
  stream.end(block);
  await once(stream, 'close');
  return rows;
}
