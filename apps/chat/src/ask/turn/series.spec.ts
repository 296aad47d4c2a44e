// Which results are drawn, and which are not.
import { expect, it } from 'vitest';
import { seriesIn, seriesText } from './series.js';

const days = [1, 2, 3].map((day) => ({ at: `2026-11-0${day}`, flux: day * 2, class: 'M', note: null }));

it('rows over time are a series, wherever the rows stand', () => {
  const series = seriesIn({ name: 'flares', rows: days });
  expect(series).toMatchObject({ xName: 'at', isTime: true, lines: [{ name: 'flux', y: [2, 4, 6] }] });
  expect(series && seriesText(series)).toBe('3 values by at: flux from 2 to 6');
});

it('rows without times are a series over their order; gaps stay gaps', () => {
  const series = seriesIn([{ v: 1 }, { v: null }, { v: 3 }]);
  expect(series).toMatchObject({ xName: 'row', isTime: false, x: [1, 2, 3], lines: [{ name: 'v', y: [1, null, 3] }] });
});

it('nothing else is drawn', () => {
  for (const value of [null, 'text', 7, [], [{ v: 1 }, { v: 2 }], [1, 2, 3], days.map(({ at }) => ({ at })), { a: 1 }])
    expect(seriesIn(value)).toBeUndefined();
  // One word among numbers is no number.
  expect(seriesIn([{ v: 1 }, { v: 'two' }, { v: 3 }])).toBeUndefined();
  // Times that go back and forth are no axis.
  expect(seriesIn([...days, ...days])?.isTime).toBe(false);
});
