// Figures of numbers that are large, beside what they differ in.
import { expect, it } from 'vitest';
import { engine } from '../engine/engine.js';
import { PARQUET_TASK } from '../formats/parquet-reader.js';
import { profileColumn } from './column-profile.js';

const numbersOf = async (type: string, values: readonly string[]) => {
  const table = `(SELECT * FROM (VALUES ${values.map((value) => `((${value})::${type})`).join(',')}) t(a))`;
  const asked = { table, name: 'a', type: { name: type }, own: undefined };
  return (await engine.run(PARQUET_TASK, (session) => profileColumn(session, asked))).numbers;
};

it('are exact of whole numbers that are not each a double', async () => {
  const base = '1152921504606846976::BIGINT'; // 2^60
  expect(await numbersOf('BIGINT', [base, `${base} + 1`, `${base} + 5`])).toMatchObject({
    mean: 2 ** 60,
    standardDeviation: expect.closeTo(Math.sqrt(7), 12),
    quantiles: expect.arrayContaining([{ share: 0.5, value: 2 ** 60 }]),
    histogram: { from: 2 ** 60, counts: [2, 1] },
  });
  expect(await numbersOf('BIGINT', ["'-9223372036854775808'", "'9223372036854775807'"])).toMatchObject({
    mean: 0,
    standardDeviation: 2 ** 63 * Math.SQRT2,
  });
  expect(await numbersOf('UBIGINT', ["'18446744073709551615'", "'18446744073709551613'"])).toMatchObject({
    standardDeviation: Math.SQRT2,
  });
});

it('are exact of doubles whose squares hide how little they differ', async () => {
  for (const [values, deviation] of [
    [['2^53 - 3', '2^53 - 2', '2^53 - 1'], 1],
    [['1e9', '1e9 + 0.25', '1e9 + 0.5'], 0.25],
    [['-1e9', '-1e9 - 0.25', '-1e9 - 0.5'], 0.25],
    [['1e300', '1e300', '1e300'], 0],
    [['0.1', '0.1', '0.1'], 0],
  ] as const)
    expect(await numbersOf('DOUBLE', values), String(values)).toMatchObject({ standardDeviation: deviation });
});
