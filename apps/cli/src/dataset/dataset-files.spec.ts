// Files of datasets on this machine: which format they are in, and that a broken one is never left behind.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatFor } from './file-format.js';
import { partOf, writeChecked } from './file-writer.js';
import { jsonObjectIn, localFile } from './local-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-dataset-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

it('a file whose format nothing tells is refused with the way to say it', () => {
  expect(formatFor('rows.jsonl', Buffer.from('?'))).toBe('ndjson');
  expect(() => formatFor('rows', Buffer.from('?'))).toThrow(/--format/);
});

describe('writeChecked', () => {
  const wanted = (name: string, text = 'a,b') => ({
    path: join(folder, name),
    sha256: sha256(text),
    bytes: text.length,
  });
  const parts = async () => (await readdir(folder)).filter((name) => name.endsWith('.part'));

  it('puts the file in its place whole', async () => {
    const seen: number[] = [];
    await writeChecked(
      () => chunks('a,', 'b'),
      wanted('whole.csv'),
      (bytes) => seen.push(bytes),
    );
    expect(await readFile(join(folder, 'whole.csv'), 'utf8')).toBe('a,b');
    expect(seen).toEqual([0, 2, 3]);
  });

  it('goes on from what came before the line broke', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a,');
      throw new Error('gone');
    }
    const file = wanted('resumed.csv');
    await expect(writeChecked(broken, file, () => undefined)).rejects.toThrow('gone');
    expect(await readFile(partOf(file), 'utf8')).toBe('a,');
    const asked: number[] = [];
    const rest = (from: number) => {
      asked.push(from);
      return chunks('a,b'.slice(from));
    };
    await writeChecked(rest, file, () => undefined);
    expect(asked).toEqual([2]);
    expect(await readFile(file.path, 'utf8')).toBe('a,b');
    expect(await parts()).toEqual([]);
  });

  it('keeps what was there when other bytes came', async () => {
    const file = wanted('kept.csv');
    await writeFile(file.path, 'before');
    const other = () => chunks('a,c');
    await expect(writeChecked(other, file, () => undefined)).rejects.toMatchObject({ code: 'conflict' });
    expect(await readFile(file.path, 'utf8')).toBe('before');
    expect(await parts()).toEqual([]);
  });

  it('says where it cannot write', async () => {
    const file = wanted('nowhere/x.csv');
    await expect(
      writeChecked(
        () => chunks(),
        file,
        () => undefined,
      ),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('files that a person names', () => {
  it('say what is wrong with them', async () => {
    await writeFile(join(folder, 'list.json'), '[1]');
    await writeFile(join(folder, 'half.json'), '{');
    await expect(localFile('missing.csv', folder)).rejects.toMatchObject({ code: 'not_found' });
    await expect(localFile('.', folder)).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(jsonObjectIn('list.json', folder)).rejects.toThrow(/no JSON object/);
    await expect(jsonObjectIn('half.json', folder)).rejects.toThrow(/not JSON/);
  });
});
