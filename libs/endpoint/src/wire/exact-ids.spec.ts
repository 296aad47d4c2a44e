// Ids come back exactly as they were sent, or not at all.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inexactId } from './exact-ids.js';

const withId = (literal: string): string => `{"jsonrpc":"2.0","method":"ping","id" : ${literal},"params":{"id":1.5}}`;

it.each([
  '1',
  '-7',
  '0',
  '-0',
  '1.0',
  '1e3',
  '1.50e1',
  '9007199254740991',
  '9007199254740991.000',
  '"1.5"',
  '"9007199254740993"',
  'null',
])('%s is exact', (literal) => {
  expect(inexactId(withId(literal))).toBeUndefined();
});

it.each([
  '1.5',
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
  '1e16',
  '1e400',
  '1e-1',
  '1.0000000000000000001',
  '9007199254740990.7',
  '123456789012345678901234567890',
])('%s is not', (literal) => {
  expect(inexactId(withId(literal))).toMatchObject({ code: -32600 });
  expect(inexactId(`[${withId('1')},${withId(literal)}]`)).toMatchObject({ code: -32600 });
  const params = `{"_meta":{"progressToken":${literal}}}`;
  expect(inexactId(`{"id":"x","method":"tools/call","params":${params}}`)).toMatchObject({ code: -32602, id: 'x' });
});

it('looks at nothing but ids: not at arguments, nor at texts that look like one', () => {
  const text = JSON.stringify({
    id: 1,
    params: { arguments: { id: 1.5, text: '"id":1.5, \\"id\\":1e99', deep: [{ id: 1e99 }] } },
  });
  expect(inexactId(text)).toBeUndefined();
});

it('takes every message whose id JSON.parse keeps', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.jsonValue(), (id, params) => {
      expect(inexactId(JSON.stringify({ id, params }))).toBeUndefined();
    }),
  );
});
