// CSV from elsewhere: types by the schema or by the text, and clear refusals.
import { describe, expect, it } from 'vitest';
import type { Row } from '../rows.js';
import { readRows, writeRows } from './codec.js';

const rowsOf = async (text: string, schema?: Record<string, unknown>): Promise<Row[]> =>
  (await readRows('csv', Buffer.from(text), { schema })).rows;
const refusal = (text: string, schema?: Record<string, unknown>) => expect(rowsOf(text, schema)).rejects;

describe('CSV without a schema', () => {
  it('takes a type only when every cell of the column has it', async () => {
    const text =
      'id,zip,flux,ok,mixed,tags,long\n1,08123,1e-5,true,1,"[1,{}]",12345678901234567890\n2,10115,-0.5,false,x,[],2\n';
    expect(await rowsOf(text)).toStrictEqual([
      { id: 1, zip: '08123', flux: 1e-5, ok: true, mixed: '1', tags: [1, {}], long: '12345678901234567890' },
      { id: 2, zip: '10115', flux: -0.5, ok: false, mixed: 'x', tags: [], long: '2' },
    ]);
  });

  it.each([
    ['numbers in every way that programs write them', 'x\n1e+21\n-1.5e-07\n2.0\n', [1e21, -1.5e-7, 2]],
    ['a hash among numbers', 'x\n713752e1\n23422827\n', ['713752e1', '23422827']],
    ['a hash alone', 'x\n713752e1\n', ['713752e1']],
    ['digits in quotes', 'x\n"23422827"\n', ['23422827']],
    ['digits of which some are in quotes', 'x\n"1"\n2\n', ['1', '2']],
    ['truth values in quotes', 'x\n"true"\nfalse\n', ['true', 'false']],
    ['a number that would be rounded', 'x\n9007199254740993.0\n1\n', ['9007199254740993.0', '1']],
    ['one with an exponent', 'x\n9007199254740993e0\n', ['9007199254740993e0']],
    ['the name in quotes alone', '"x"\n1\n', [1]],
  ])('decides with the whole column: %s', async (_, text, values) => {
    expect((await rowsOf(text)).map(({ x }) => x)).toStrictEqual(values);
  });

  it('reads an empty cell as null, "" as the empty text, and skips blank lines', async () => {
    expect(await rowsOf('a,b\r\n1,\r\n\r\n,""\r\n')).toStrictEqual([
      { a: 1, b: null },
      { a: null, b: '' },
    ]);
  });

  it('reads a byte order mark, and line breaks of every kind', async () => {
    expect(await rowsOf('\uFEFFa,b\r1,"x\r\ny"\n2,z')).toStrictEqual([
      { a: 1, b: 'x\r\ny' },
      { a: 2, b: 'z' },
    ]);
  });
});

describe('CSV with a schema', () => {
  const properties = {
    id: { type: 'string' },
    n: { type: ['integer', 'null'] },
    t: { $ref: '#/$defs/text' },
    o: { type: 'object' },
  };
  const schema = { $defs: { text: { type: 'string' } }, properties, required: ['id', 'n', 't'] };

  it('restores the types it says', async () => {
    const text = 'id,n,t,o\n007,3,,"{""a"":[null]}"\n1,,null,\n';
    expect(await rowsOf(text, schema)).toStrictEqual([
      { id: '007', n: 3, t: '', o: { a: [null] } },
      { id: '1', n: null, t: 'null' },
    ]);
  });

  it('names the cells that do not have the type', async () => {
    await refusal('id,n,t,o\na,1.5,x,\nb,x,x,{\n', schema).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('row 0, column "n"'),
      details: { cells: [expect.anything(), expect.anything(), expect.stringContaining('row 1, column "o"')] },
    });
  });

  it('takes integers as JSON Schema knows them: 1.0 and 1e3 are some', async () => {
    const text = `n\n1.0\n1e3\n-0.0\n"2.00"\n\n1e+21\n9007199254740992.0\n`;
    const rows = await rowsOf(text, { properties: { n: { type: ['integer', 'null'] } }, required: ['n'] });
    expect(rows.map(({ n }) => n)).toStrictEqual([1, 1_000, 0, 2, null, 1e21, 9_007_199_254_740_992]);
  });

  it.each(['9007199254740993', '9007199254740993.0', '9007199254740993e0', '123456789012345678.91'])(
    'refuses %s as a number, by row and column',
    async (text) => {
      await refusal(`n\n1\n${text}\n`, { properties: { n: { type: 'number' } } }).toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining(`row 1, column "n": is the number ${text}, which would be rounded`),
      });
    },
  );

  it('takes texts in quotes for JSON only where they could be nothing else', async () => {
    const schema = { properties: { x: { type: ['string', 'integer'] } } };
    expect(await rowsOf('x\n"23422827"\n', schema)).toStrictEqual([{ x: '23422827' }]);
    expect(await rowsOf('x\n23422827\n', schema)).toStrictEqual([{ x: 23_422_827 }]);
    expect(await rowsOf('x\n"""a"""\n"1"\n', schema)).toStrictEqual([{ x: 'a' }, { x: 1 }]);
  });

  it('refuses an integer that would be rounded, and what is no number of JSON', async () => {
    await refusal('id,n,t\na,9007199254740993,\n', schema).toMatchObject({ code: 'invalid_input' });
    await refusal('x\nNaN\n', { properties: { x: { type: 'number' } } }).toMatchObject({ code: 'invalid_input' });
  });
});

describe('CSV that is none', () => {
  it.each([
    ['nothing at all', ''],
    ['a name twice', 'a,a\n1,2\n'],
    ['an empty line where the names should be', '\na\n1\n'],
    ['nothing but empty lines', '\n\n\n'],
    ['a row too long', 'a,b\n1,2,3\n'],
    ['an open quote', 'a\n"x\n'],
    ['a quote inside', 'a\nx"y"z\n'],
  ])('refuses %s', async (_, text) => {
    await refusal(text).toMatchObject({ code: 'invalid_input' });
  });

  it('refuses bytes that are not UTF-8', async () => {
    await expect(readRows('csv', Buffer.from([0x61, 0x0a, 0xe9, 0x0a]))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('UTF-8'),
    });
  });
});

describe('CSV written here and read elsewhere', () => {
  it('keeps numbers and texts apart, without its columns and without a schema', async () => {
    const rows: Row[] = [
      { n: 1e21, i: 1, t: '1', w: 'true', ok: true, l: [1] },
      { n: 5e-324, i: 9_007_199_254_740_991, t: '007', w: 'false', ok: false, l: [] },
    ];
    const { bytes } = await writeRows('csv', rows);
    expect(await rowsOf(bytes.toString())).toStrictEqual(rows);
    const integers = { properties: { n: { type: 'integer' } } };
    expect(await rowsOf((await writeRows('csv', [{ n: 1e21 }])).bytes.toString(), integers)).toStrictEqual([
      { n: 1e21 },
    ]);
  });

  it('is read back without its columns, given the schema', async () => {
    const rows: Row[] = [{ id: '1', note: null }, { id: 'null' }, { id: '', note: 'x' }];
    const { bytes } = await writeRows('csv', rows);
    expect(bytes.toString()).toBe('"id","note"\r\n"1",null\r\n"null",\r\n"","x"\r\n');
    const schema = { properties: { id: { type: 'string' }, note: { type: ['string', 'null'] } }, required: ['id'] };
    expect(await rowsOf(bytes.toString(), schema)).toStrictEqual(rows);
    expect(await rowsOf(bytes.toString())).toStrictEqual(rows);
  });
});
