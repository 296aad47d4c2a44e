// What no row may hold, in whichever format it comes, and the bounds on size.
import { afterAll, describe, expect, it } from 'vitest';
import { engine } from '../engine/engine.js';
import { checkRows, NESTING_MAX } from '../rows.js';
import { readRows, writeRows } from './codec.js';
import type { DataFormat } from './text.js';
import { closeYaml } from './yaml.js';

afterAll(() => Promise.all([engine.close(), closeYaml()]));

const reading = (format: DataFormat, text: string) => expect(readRows(format, Buffer.from(text)));

describe('JSON', () => {
  it('reads one object per line', async () => {
    await reading('json', '{"a":1}\n\n{"a":2}\r\n').resolves.toMatchObject({ rows: [{ a: 1 }, { a: 2 }] });
  });

  it.each([
    ['an object over several lines', '{\n"a": 1\n}'],
    ['a list of numbers', '[1]'],
    ['a lone value', '"x"'],
    ['a rounded integer', '[{"a":9007199254740993}]'],
    ['infinity', '[{"a":1e400}]'],
    ['half a surrogate pair', '[{"a":"\\ud800"}]'],
    ['the key __proto__', '[{"__proto__":{"a":1}}]'],
  ])('refuses %s', async (_, text) => {
    await reading('json', text).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it.each([
    ['[{"a":1},{"b":[{"c d":9007199254740993.0}]}]', 'the value at /1/b/0/c d is the number 9007199254740993.0'],
    ['[{"a":"[{\\"x","b":9007199254740993e0}]', 'the value at /0/b is the number 9007199254740993e0'],
    ['{"a":1}\n{"a":123456789012345678.91}', 'line 2 is not one (the value at /a is the number 123456789012345678.91'],
    ['[{"a":1e-400}]', 'the value at /0/a'],
    ['[{"a":1e400}]', 'the value at /0/a'],
  ])('names the number that would be rounded in %s', async (text, message) => {
    await reading('json', text).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['[{"a":1,"a":2}]', 'the object at /0 has the key "a" twice, with two values'],
    [
      '[{"a":1},{"b":{"c":[{"x":[1,{}],"\\u0078":[1,[]]}]}}]',
      'the object at /1/b/c/0 has the key "x" twice, with two values',
    ],
    ['{"a":1}\n{"a":"\\":","a":2}', 'line 2 is not one (the object at the root has the key "a" twice, with two values'],
  ])('names the key that has two values in %s', async (text, message) => {
    await reading('json', text).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(message),
    });
  });

  it('reads the same key in several objects, the same value twice, and texts that look like keys', async () => {
    const rows = [{ a: { a: '"a":' }, b: [{ a: 1 }, { a: '{"a":1,"a":2}' }] }, { a: '":' }];
    await reading('json', '[{"a":{"b":[1]},"a":{"b":[1]},"c":"}"}]').resolves.toMatchObject({
      rows: [{ a: { b: [1] }, c: '}' }],
    });
    await reading('json', JSON.stringify(rows)).resolves.toMatchObject({ rows });
  });

  it('keeps integers whose digits a number keeps, and digits inside texts', async () => {
    await reading('json', '[{"a":9007199254740991,"b":"9007199254740993","c":1e21,"d":-0}]').resolves.toMatchObject({
      rows: [{ a: Number.MAX_SAFE_INTEGER, b: '9007199254740993', c: 1e21, d: 0 }],
    });
  });

  it('refuses deep nesting', async () => {
    const deep = `${'['.repeat(NESTING_MAX + 1)}${']'.repeat(NESTING_MAX + 1)}`;
    await reading('json', `[{"a":${deep}}]`).rejects.toMatchObject({ code: 'too_large' });
    await reading('json', '['.repeat(1_000_000)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('YAML', () => {
  it('reads the core schema: times stay text', async () => {
    await reading('yaml', '- {t: 2017-09-04T18:05:00Z, d: 2017-09-04, n: 0x1f, y: yes, z: ~}').resolves.toMatchObject({
      rows: [{ t: '2017-09-04T18:05:00Z', d: '2017-09-04', n: 31, y: 'yes', z: null }],
    });
  });

  it('reads every way to write a number, and names the line of one that would be rounded', async () => {
    await reading(
      'yaml',
      '- {a: +1.5, b: .5, c: 1., d: -.5e+3, e: 007.50000000000000000, f: 1e21}',
    ).resolves.toMatchObject({
      rows: [{ a: 1.5, b: 0.5, c: 1, d: -500, e: 7.5, f: 1e21 }],
    });
    await reading('yaml', '- a: 1\n- a: 0.1234567890123456789').rejects.toMatchObject({
      message: expect.stringContaining('a value in line 2 is the number 0.1234567890123456789'),
    });
  });

  it('says what to do with several documents', async () => {
    await reading('yaml', '- {a: 1}\n---\n- {a: 2}').rejects.toMatchObject({
      message: 'Cannot read the data as yaml: it holds several documents; send one',
    });
  });

  it('reads a few aliases', async () => {
    await reading('yaml', '- &x {a: 1}\n- *x\n').resolves.toMatchObject({ rows: [{ a: 1 }, { a: 1 }] });
  });

  it.each([
    ['a tag of its own', '- !thing {a: 1}'],
    ['bytes', '- {a: !!binary aGk=}'],
    ['not a number', '- {a: .nan}'],
    ['infinity', '- {a: -.inf}'],
    ['a rounded integer', '- {a: 9007199254740993}'],
    ['a rounded number', '- {a: 9007199254740993.0}'],
    ['one with an exponent', '- {a: +9007199254740993e0}'],
    ['a number too small', '- {a: .1e-400}'],
    ['two documents', '- {a: 1}\n---\n- {a: 2}'],
    ['a key twice', '- {a: 1, a: 2}'],
    ['a list as key', '- {[1]: 2}'],
    ['__proto__', '- {__proto__: {a: 1}}'],
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((key, index) => `${key}: &${key} [${`*${'abcdefg'[index]},`.repeat(9)}]`)
        .join('\n')}`,
    ],
  ])('refuses %s', async (_, text) => {
    await reading('yaml', text).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('the thread for YAML', () => {
  it('does several documents in turn', async () => {
    const read = await Promise.all([1, 2, 3].map((n) => readRows('yaml', Buffer.from(`- n: ${n}`))));
    expect(read.map(({ rows }) => rows)).toStrictEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
  });
});

describe('Parquet', () => {
  it('refuses what is no Parquet, without naming a path', async () => {
    await reading('parquet', 'PAR1 nothing').rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.not.stringContaining('/tmp'),
    });
  });

  it('refuses a damaged file', async () => {
    const { bytes } = await writeRows('parquet', [{ a: 'x'.repeat(500), b: 1 }]);
    await expect(readRows('parquet', bytes.subarray(0, bytes.length - 20))).rejects.toMatchObject({
      code: 'invalid_input',
    });
    bytes.fill(0xff, 4, 40);
    await expect(readRows('parquet', bytes)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('rows', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, new Date(), undefined, 2n ** 64n + 1n, Buffer.from('x')])(
    'refuses %s',
    (value) => {
      expect(() => checkRows([{ a: [{ b: value }] }])).toThrow('row 0/a/0/b');
    },
  );
});
