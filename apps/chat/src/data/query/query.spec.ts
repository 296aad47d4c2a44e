// What stands around a query: samples that fit the columns, names that are safe, texts to save, the line of an error.
import { describe, expect, it } from 'vitest';
import { csvText, jsonText } from './export-rows.js';
import { failedLine } from './failed-line.js';
import { resultColumns, resultRows } from './query-result.js';
import { quotedName, samplesFor } from './sql-samples.js';
import { tableName } from './table-list.js';

describe('samplesFor', () => {
  it('asks of columns that are there', () => {
    const schema = {
      required: ['classType'],
      properties: {
        flareId: { type: 'string' },
        classType: { type: 'string' },
        order: { type: ['number', 'null'] },
      },
    };
    const samples = Object.fromEntries(samplesFor(schema).map(({ label, sql }) => [label, sql]));
    expect(samples['By classType']).toContain('GROUP BY classType');
    expect(samples['Range of order']).toContain('max("order")');
    expect(samples['What is missing']).toContain('count("order") AS "order"');
    expect(samplesFor(null).map(({ label }) => label)).toEqual(['First rows', 'How many']);
  });
});

describe('names', () => {
  it('are quoted where SQL would take them for something else', () => {
    expect(['seen', 'a b', 'a"b', '1st', 'Select'].map(quotedName)).toEqual([
      'seen',
      '"a b"',
      '"a""b"',
      '"1st"',
      '"Select"',
    ]);
  });

  it('of tables are those of datasets, each once', () => {
    expect(tableName('DONKI solar flares 2016-2018', [])).toBe('donki_solar_flares_2016_2018');
    expect(tableName('Flares', ['flares', 'flares_2'])).toBe('flares_3');
    expect(tableName('2016', [])).toBe('t_2016');
    expect(tableName('–', [])).toBe('t_');
  });
});

describe('an answer', () => {
  const answer = {
    columns: [
      { name: 'n', type: 'BIGINT', as: 'text' as const },
      { name: 'n', type: 'VARCHAR', as: 'text' as const },
    ],
    rows: [['9007199254740993', null]],
  };
  it('keeps columns of the same name apart, and numbers to the right', () => {
    expect(resultRows(answer)).toEqual([{ n: '9007199254740993', n_2: null }]);
    expect(resultColumns(answer.columns).map(({ name, numeric }) => [name, numeric])).toEqual([
      ['n', true],
      ['n_2', false],
    ]);
  });

  it('is saved without a loss', () => {
    const rows = [{ a: 'x,"y"\n', b: null, c: '' }];
    expect(csvText(['a', 'b', 'c'], rows)).toBe('a,b,c\r\n"x,""y""\n",,""\r\n');
    expect(JSON.parse(jsonText(rows))).toEqual(rows);
  });
});

it('an error names its line', () => {
  expect(failedLine('Parser Error: syntax error at or near "FORM" LINE 2: FORM data')).toBe(2);
  expect(failedLine('the time limit passed')).toBeUndefined();
});
