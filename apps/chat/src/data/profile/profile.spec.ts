// How figures of a profile read.
import { expect, it } from 'vitest';
import { figure, histogramText, percent, timeText, typeText, valueText } from './profile.js';

it('figures are short and true', () => {
  expect([0, 12_345, -3, 0.1 + 0.2, 1 / 3, 6.02214076e23].map(figure)).toEqual([
    '0',
    '12,345',
    '-3',
    '0.3',
    '0.333333',
    '602,214,000,000,000,000,000,000',
  ]);
  expect([percent(1, 3), percent(1, 100_000), percent(0, 0), percent(5, 5)]).toEqual(['33.3 %', '< 0.1 %', '0 %', '100 %']);
  expect([valueText(null), valueText(''), valueText({ a: 1 })]).toEqual(['null', 'empty text', '{"a":1}']);
});

it('a histogram is told in words', () => {
  expect(histogramText({ from: 0, width: 5, counts: [1, 4, 2] })).toBe(
    '3 bins from 0 to 15; the most, 4, from 5 to 10',
  );
});

it('types and times are words that people use', () => {
  expect(['VARCHAR', 'STRUCT("a" VARCHAR)[]', 'BIGINT[]', 'DECIMAL(10,2)'].map(typeText)).toEqual([
    'text',
    'list of object',
    'list of whole number',
    'DECIMAL(10,2)',
  ]);
  expect(timeText('2016-01-01T23:00:00.000000Z')).toBe('2016-01-01T23:00:00Z');
});
