// Pages of a statement become one file.
import { expect, it } from 'vitest';
import { wholeStatement } from './statement.js';

it('keeps one header of CSV', () => {
  expect(wholeStatement(['at,change\r\n1,5.00\r\n', 'at,change\r\n2,6.00\r\n', 'at,change\r\n'], 'csv')).toBe(
    'at,change\r\n1,5.00\r\n2,6.00\r\n',
  );
});

it('joins lists of JSON', () => {
  expect(JSON.parse(wholeStatement(['[{"change":"5.00"}]', '[]', '[{"change":"0.000001"}]'], 'json'))).toEqual([
    { change: '5.00' },
    { change: '0.000001' },
  ]);
});
