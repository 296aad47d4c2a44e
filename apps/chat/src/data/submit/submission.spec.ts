// What the form makes of a file before it is sent: its format, and its first rows.
import { describe, expect, it } from 'vitest';
import { formatOf, formatsIn } from './file-format.js';
import { csvRecords, previewOf } from './preview.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('formatOf', () => {
  it.each([
    ['a.CSV', '[', 'csv'],
    ['a.yml', '', 'yaml'],
    ['rows', 'PAR1....', 'parquet'],
    ['rows', ' [{"a": 1}]', 'json'],
    ['rows', '---\na: 1', 'yaml'],
    ['rows', '- a: 1', 'yaml'],
    ['rows', 'a,b\n1,2', 'csv'],
    ['rows', 'a\tb\n1\t2', 'tsv'],
    ['rows', '{"a":1}\n{"a":2}', 'ndjson'],
    ['rows', '# HELP up Is it?\nup 1', 'prometheus'],
    ['rows', '# TYPE up gauge\nup 1\n# EOF\n', 'openmetrics'],
    ['rows', 'nothing of the kind', undefined],
  ])('%s that begins with %j is %s', (name, text, format) => {
    expect(formatOf(name, bytes(text))).toBe(format);
  });
});

it('offers the formats that the lab takes', () => {
  const schema = { properties: { format: { enum: ['json', 'csv', 'hdf5'] } } };
  expect(formatsIn(schema, 'format').map(({ label }) => label)).toEqual(['CSV', 'JSON', 'hdf5']);
  expect(formatsIn({}, 'format')).toEqual([]);
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
