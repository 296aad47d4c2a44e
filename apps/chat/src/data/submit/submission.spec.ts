// What the form offers, and what it makes of a file before it is sent: its first rows.
import { describe, expect, it } from 'vitest';
import { addressProblem, fileNameIn, isAddress } from './address-field.js';
import { endingOf, formatsIn } from './file-format.js';
import { csvRecords, previewOf } from './preview.js';

it('offers the formats that the lab takes', () => {
  const schema = { properties: { format: { enum: ['json', 'csv', 'hdf5'] } } };
  expect(formatsIn(schema, 'format').map(({ label }) => label)).toEqual(['JSON', 'CSV', 'hdf5']);
  expect(['prometheus', 'hdf5'].map(endingOf)).toEqual(['prom', 'hdf5']);
  expect(formatsIn({}, 'format')).toEqual([]);
});

it('takes an address as soon as it is one, and complains of what will be none', () => {
  const typed = ['', 'ht', 'https://', 'https://a.org/x.csv', 'x.csv', 'ftp://a.org/x', 'https://a b'];
  expect(typed.map(isAddress)).toEqual([false, false, false, true, false, false, false]);
  expect(typed.map((text) => addressProblem(text) === undefined)).toEqual([true, true, true, true, false, false, false]);
  expect(fileNameIn('https://a.org/b/stations_2026.csv?x=1.json')).toBe('stations_2026.csv');
  expect(fileNameIn('https://a.org')).toBe('');
});

describe('previewOf', () => {
  it('reads CSV as RFC 4180 has it', () => {
    const text = 'name,note\r\n"a ""b""","x,\ny"\r\nlast,1';
    expect(previewOf('csv', text, true)).toEqual({
      rows: [
        { name: 'a "b"', note: 'x,\ny' },
        { name: 'last', note: '1' },
      ],
    });
  });

  it('reads lines of JSON as far as they are whole', () => {
    expect(previewOf('ndjson', '{"a":1}\n\n{"a":2}\n{"a":', false)).toEqual({ rows: [{ a: 1 }, { a: 2 }] });
    expect(previewOf('ndjson', '{"a":1}\n{', true)).toEqual({ text: '{"a":1}\n{' });
    expect(previewOf('tsv', 'a\tb\n1\tx,y\n', true)).toEqual({ rows: [{ a: '1', b: 'x,y' }] });
  });

  it('leaves out a record that is cut off', () => {
    expect(csvRecords('a,b\n1,2\n3,"4', 10, { whole: false, between: ',' })).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    expect(csvRecords('a,b\n1,2\n3,4', 10, { whole: false, between: ',' })).toHaveLength(2);
  });

  it('shows rows of JSON, and the text of what it cannot read', () => {
    expect(previewOf('json', '[{"a":1},{"a":2}]', true)).toEqual({ rows: [{ a: 1 }, { a: 2 }] });
    expect(previewOf('json', '[1,2]', true)).toEqual({ text: '[1,2]' });
    expect(previewOf('json', '[{"a":1},', true)).toEqual({ text: '[{"a":1},' });
    expect(previewOf('yaml', '- a: 1', true)).toEqual({ text: '- a: 1' });
  });
});
