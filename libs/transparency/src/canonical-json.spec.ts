// The canonical form: the same for equal values, whatever the order of keys; different for different ones.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalHash, canonicalJson } from './canonical-json.js';

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
};

describe('canonicalJson', () => {
  it('sorts keys and leaves out what JSON leaves out', () => {
    expect(canonicalJson({ b: [1, undefined, { d: 1, c: 'ü' }], a: null, z: undefined })).toBe(
      '{"a":null,"b":[1,null,{"c":"ü","d":1}]}',
    );
  });

  it('does not depend on the order of keys, and is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalHash(reversed(value))).toBe(canonicalHash(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('writes rows of a table, of one shape or of several, as each alone', () => {
    const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(null), fc.jsonValue());
    const row = fc.dictionary(fc.oneof(fc.constantFrom('b', 'a', '10', '9', '__proto__', 'ü"'), fc.string()), cell);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
        expect(canonicalJson({ z: rows, a: 1 })).toBe(
          `{"a":1,"z":[${rows.map((each) => canonicalJson(each)).join(',')}]}`,
        );
        expect(JSON.parse(canonicalJson({ z: rows, a: 1 }))).toEqual(JSON.parse(JSON.stringify({ z: rows, a: 1 })));
      }),
    );
  });

  it('orders keys by UTF-16 code units, numbers among them as texts', () => {
    expect(canonicalJson({ b: -0, '9': NaN, '10': 1e21, ü: '\u0001"', a: '\ud800' })).toBe(
      '{"10":1e+21,"9":null,"a":"\\ud800","b":0,"ü":"\\u0001\\""}',
    );
  });

  it('hashes with SHA-256', () => {
    expect(canonicalHash({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });
});
