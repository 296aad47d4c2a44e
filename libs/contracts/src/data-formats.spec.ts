// Which format a file is in, by its name and by how it begins.
import { expect, it } from 'vitest';
import { formatOfFile, formatOfName } from './data-formats.js';

const bytes = (text: string) => new TextEncoder().encode(text);

it.each([
  ['a.CSV', '[', 'csv'],
  ['a.yml', '', 'yaml'],
  ['a.pq', '', 'parquet'],
  ['a.openmetrics', '', 'openmetrics'],
  ['rows', 'PAR1....', 'parquet'],
  ['rows', 'ARROW1..', 'arrow'],
  ['rows', ' [{"a": 1}]', 'json'],
  ['rows', '{"a":\n1}', 'json'],
  ['rows', '---\na: 1', 'yaml'],
  ['rows', '- a: 1', 'yaml'],
  ['rows', 'a,b\n1,2', 'csv'],
  ['rows', 'a\tb\n1\t2', 'tsv'],
  ['rows', '{"a":1}\n{"a":2}', 'ndjson'],
  ['rows', '# HELP up Is it?\nup 1', 'prometheus'],
  ['rows', '# TYPE up gauge\nup 1\n# EOF\n', 'openmetrics'],
  ['rows.txt', 'nothing of the kind', undefined],
])('%s that begins with %j is %s', (name, text, format) => {
  expect(formatOfFile(name, bytes(text))).toBe(format);
});

it('a name alone tells only by its ending', () => {
  expect(['x.tab', 'x.jsonl', 'csv', 'x.', ''].map(formatOfName)).toEqual([
    'tsv',
    'ndjson',
    undefined,
    undefined,
    undefined,
  ]);
});
