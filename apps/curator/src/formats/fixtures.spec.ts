// Files of other projects' test suites: what must be read is read, what must be refused is refused.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRows } from './codec.js';
import { readCsvTable, rowsOfTable } from './csv.js';
import { parseJson } from './json.js';
import { decodeUtf8 } from './text.js';

const folder = (name: string): URL => new URL(`../../test-data/${name}/`, import.meta.url);
const names = (of: string, match: RegExp): string[] => readdirSync(folder(of)).filter((name) => match.test(name));
const read = (of: string, name: string): Buffer => readFileSync(new URL(encodeURIComponent(name), folder(of)));

/** The copies of these files have lost their carriage returns. */
const lineEnds = (name: string, bytes: Buffer): Buffer =>
  name.endsWith('_crlf.csv') ? Buffer.from(bytes.toString().replace(/\r?\n/g, '\r\n')) : bytes;

describe('JSONTestSuite', () => {
  it.each(names('json-test-suite', /^y_/))('reads %s', (name) => {
    const text = decodeUtf8(read('json-test-suite', name), 'json');
    expect(parseJson(text)).toStrictEqual(JSON.parse(text));
  });

  it.each(names('json-test-suite', /^n_/))('refuses %s', async (name) => {
    await expect(readRows('json', read('json-test-suite', name))).rejects.toMatchObject({ code: 'invalid_input' });
    expect(() => parseJson(decodeUtf8(read('json-test-suite', name), 'json'))).toThrow();
  });
});

describe('csv-spectrum', () => {
  it.each(names('csv-spectrum', /\.csv$/))('reads the cells of %s', (name) => {
    const table = readCsvTable(lineEnds(name, read('csv-spectrum', name)));
    const asText = table.names.map((column) => ({
      name: column,
      type: 'string' as const,
      absent: false,
      nullable: false,
    }));
    const expected: unknown = JSON.parse(read('csv-spectrum', name.replace('.csv', '.json')).toString());
    expect(rowsOfTable(table, asText)).toStrictEqual(expected);
  });
});
