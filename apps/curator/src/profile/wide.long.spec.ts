// A profile of a table as wide as one may be: what DuckDB keeps of each question is given back before the next.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, openBench, type Wallet } from '../engine/analysis.testing.js';

let bench: Bench;
let wallet: Wallet;
beforeAll(async () => {
  bench = await openBench();
  wallet = bench.wallet();
});
afterAll(() => bench?.close());

it('keeps its memory, however wide the table is', async () => {
  const row = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`c${n}`, n]));
  const datasetId = await wallet.submit([row, row]);
  const columns = Object.keys(row).slice(0, 200);
  const { structured } = await wallet.use('profile_dataset', { datasetId, columns, picture: false });
  expect(structured).toMatchObject({ rows: 2, duplicates: 1, columns: columns.map((name) => ({ name, distinct: 1 })) });
});
