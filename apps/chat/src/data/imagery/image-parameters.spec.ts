// A picture's parameters: from the source's words to a form, from a row to its picture.
import { expect, it } from 'vitest';
import { givenBy, inputOf, parametersOf, unknownIn } from './image-parameters.js';

const parameters = parametersOf({
  collection: { default: 'natural', enum: ['natural', 'enhanced'] },
  date: { type: 'string', format: 'date', description: 'The day' },
  layer: { type: 'string' },
  z: { type: 'integer', default: 0 },
});

it('asks for each as it is', () => {
  expect(parameters.map(({ name, kind, preset }) => [name, kind, preset])).toEqual([
    ['collection', 'choice', 'natural'],
    ['date', 'date', ''],
    ['layer', 'text', ''],
    ['z', 'number', '0'],
  ]);
});

it('takes from a row what it has', () => {
  const row = { date: '2026-01-31 00:41:06', name: 'MODIS', z: null, collection: { a: 1 } };
  expect(givenBy(row, parameters)).toEqual({ date: '2026-01-31', layer: 'MODIS' });
  expect([unknownIn(row, parameters), unknownIn({}, parameters)]).toEqual([0, 2]);
});

it('gives the tool numbers as numbers, and nothing that is empty', () => {
  expect(inputOf({ z: '3', layer: ' x ', date: '', collection: 'natural', other: '1' }, parameters)).toEqual({
    z: 3,
    layer: 'x',
    collection: 'natural',
  });
});
