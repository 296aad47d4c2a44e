// The inferred schema says what was seen: types, null, required; and every row it came from fits it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../formats/json.js';
import type { Row } from '../rows.js';
import { readShipped } from '../shipped/shipped-loader.js';
import { inferSchema } from './inference.js';
import { shapeOf } from './shape.js';
import { validateRows } from './validator.js';

const infer = (rows: Row[]) => inferSchema(shapeOf(rows));

describe('inference', () => {
  it('gives types, null and required, column by column', () => {
    expect(
      infer([
        { a: 1, b: null, c: [{ x: 'y' }, {}], d: 1, m: 'x' },
        { a: 2.5, b: 'x', c: [], m: 1 },
      ]),
    ).toStrictEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        a: { type: 'number' },
        b: { type: ['string', 'null'] },
        c: { type: 'array', items: { type: 'object', properties: { x: { type: 'string' } }, required: [] } },
        d: { type: 'integer' },
        m: { type: ['string', 'integer'] },
      },
      required: ['a', 'b', 'c', 'm'],
    });
  });

  it('does not follow dictionaries of ever new keys', () => {
    const rows = [{ byDay: Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`d${n}`, n])) }];
    expect(infer(rows)).toMatchObject({ properties: { byDay: { type: 'object' } } });
    expect(JSON.stringify(infer(rows))).not.toContain('d42');
  });

  it('fits every row it came from', async () => {
    const rows = fc.array(
      fc.dictionary(
        fc.string({ maxLength: 3 }).filter((key) => key !== '__proto__'),
        fc.jsonValue({ maxDepth: 3 }),
        { maxKeys: 4, noNullPrototype: true },
      ),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(rows, async (sample) => {
        expect((await validateRows(infer(sample as Row[]), sample, 5)).errors).toStrictEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('describes the solar flares as their own schema does', async () => {
    const flares = await readShipped();
    const rows = parseJson(Buffer.from(flares.content).toString()) as Row[];
    const inferred = infer(rows) as { properties: Record<string, { type: unknown }>; required: string[] };
    const own = flares.rowSchema as typeof inferred;
    expect(inferred.required).toStrictEqual(own.required);
    expect(Object.entries(inferred.properties).map(([name, { type }]) => [name, type])).toStrictEqual(
      Object.entries(own.properties).map(([name, { type }]) => [name, type]),
    );
  });
});
