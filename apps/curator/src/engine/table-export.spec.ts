// A table as text by the portion: the bytes that writing its rows whole gives.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { writeRows } from '../formats/codec.js';
import type { Row } from '../rows.js';
import { engine } from './engine.js';
import { exportTable } from './table-export.js';
import { importTable } from './table-import.js';

const folder = mkdtempSync(join(tmpdir(), 'labmesh-export-'));
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

async function tableOf(rows: readonly Row[]): Promise<string> {
  const [file, target] = [join(folder, 'in.ndjson'), join(folder, 'table.parquet')];
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await importTable({ file, target, who: 'test' });
  return target;
}

const ROWS: Row[] = Array.from({ length: 5_000 }, (_, n) => ({
  n,
  text: n % 3 === 0 ? '' : `a,"${n}"\n`,
  x: n / 8,
  ...(n % 7 === 0 ? {} : { gap: n % 2 === 0 ? null : [n] }),
}));

describe.each(['ndjson', 'json', 'csv', 'tsv'] as const)('as %s', (format) => {
  it('is what writing the rows whole gives', async () => {
    const table = await tableOf(ROWS);
    const out = new PassThrough();
    const [bytes, answer] = await Promise.all([
      buffer(out),
      exportTable({ table, format, out, who: 'test' }).then((told) => {
        out.end();
        return told;
      }),
    ]);
    const whole = await writeRows(format, ROWS);
    expect(answer).toMatchObject({
      rows: ROWS.length,
      ...(whole.columns === undefined ? {} : { columns: whole.columns }),
    });
    expect(bytes.toString()).toBe(whole.bytes.toString());
  });
});

it('waits for whoever reads', async () => {
  const table = await tableOf(ROWS);
  let bytes = 0;
  const slow = new Writable({
    highWaterMark: 1,
    write(part: Buffer, _, done) {
      bytes += part.length;
      setImmediate(done);
    },
  });
  expect(await exportTable({ table, format: 'ndjson', out: slow, who: 'test' })).toEqual({ rows: ROWS.length });
  expect(bytes).toBeGreaterThan(100_000);
});

it('refuses formats that are written whole', async () => {
  const table = await tableOf([{ a: 1 }]);
  const out = new PassThrough();
  await expect(exportTable({ table, format: 'yaml', out, who: 'test' })).rejects.toMatchObject({
    code: 'unsupported_format',
  });
});
