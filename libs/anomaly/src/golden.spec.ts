// The trainer and this library agree: the same rows have the same scores in Python and here. `golden.py` of the trainer wrote
// the table, the model and the scores.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCsv, rowsOf } from './csv.js';
import { figuresOf } from './figures.js';
import { ModelScorer } from './model-scorer.js';
import { ScoringThread } from './scoring-thread.js';

const FOLDER = join(import.meta.dirname, '../test-data');
let thread: ScoringThread;
let csv: string;

beforeAll(async () => {
  thread = new ScoringThread();
  csv = await readFile(join(FOLDER, 'golden.csv'), 'utf8');
});
afterAll(() => thread[Symbol.asyncDispose]());

const open = (options = {}) => ModelScorer.open(thread, join(FOLDER, 'golden.onnx'), options);

describe('a model of the trainer', () => {
  it('gives the scores that it gave in Python', async () => {
    const scorer = await open();
    const wanted = JSON.parse(await readFile(join(FOLDER, 'golden.scores.json'), 'utf8')) as number[];
    const scores = await scorer.scoreAll(rowsOf(csv, scorer.card.input));
    expect(scores).toHaveLength(wanted.length);
    for (const [at, { value }] of scores.entries())
      expect(Math.abs(value - (wanted[at] ?? Number.NaN))).toBeLessThan(1e-4);
  });

  it('says why: the features, and the part of the text', async () => {
    const scorer = await open();
    const scores = await scorer.scoreAll(rowsOf(csv, scorer.card.input));
    const [injection, , , , , traversal] = scores.slice(-6);
    const [extreme] = await scorer.scoreAll([
      { text: 'the pump is quiet', numbers: [-40, 9_000], categories: ['south'] },
    ]);
    expect(injection).toMatchObject({ alarm: true, threshold: scorer.card.threshold });
    expect(injection?.reasons.map(({ share }) => share)).toEqual(
      injection?.reasons.map(({ share }) => share).toSorted((a, b) => b - a),
    );
    expect(extreme?.reasons[0]?.feature).toBe('count');
    expect(traversal?.span).toMatch(/etc|\.\.\//);
  });

  it('scores a row the same alone as among others', async () => {
    const scorer = await open();
    const rows = rowsOf(csv, scorer.card.input);
    const all = await scorer.scoreAll(rows);
    const alone = await Promise.all(rows.map((row) => scorer.score(row)));
    for (const [at, score] of alone.entries()) expect(score?.value).toBeCloseTo(all[at]?.value ?? Number.NaN, 3);
  });

  it('gives up the oldest row when more come than it can score, and counts it', async () => {
    const scorer = await open({ waitingMax: 4, batchMax: 1 });
    const [row] = rowsOf(csv, scorer.card.input);
    const scores = await Promise.all(Array.from({ length: 10 }, () => scorer.score(row ?? {})));
    // The first is under way; of the nine that wait only the last four stay.
    expect(scores.map((score) => score === undefined)).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(scorer.dropped).toBe(5);
  });

  it('has figures', async () => {
    const scorer = await open();
    const rows = rowsOf(csv, scorer.card.input);
    const scores = await scorer.scoreAll(rows);
    const figures = figuresOf(
      scores.map(({ value }, at) => ({ value, normal: rows[at]?.normal ?? true })),
      scorer.card.threshold,
    );
    expect(figures).toMatchObject({ rows: 246, normalRows: 240 });
    expect(figures.auc).toBeGreaterThan(0.95);
  });

  it('is refused when it is not the model of its card, or no model', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'labmesh-model-'));
    await cp(FOLDER, folder, { recursive: true });
    await writeFile(join(folder, 'golden.onnx'), 'changed');
    await expect(ModelScorer.open(thread, join(folder, 'golden.onnx'))).rejects.toThrow('is not the model of its card');
    await expect(thread.load('changed', Buffer.from('changed'))).rejects.toThrow('cannot be loaded');
    await expect(ModelScorer.open(thread, join(folder, 'none.onnx'))).rejects.toThrow('Cannot read');
    await rm(folder, { recursive: true });
  });
});

describe('a thread that is closed', () => {
  const row = { text: 'a', numbers: [1, 1], categories: ['north'] };

  it('finishes what it runs, refuses what waits and what comes, and says so', async () => {
    const own = new ScoringThread();
    const scorer = await ModelScorer.open(own, join(FOLDER, 'golden.onnx'), { batchMax: 1 });
    const [running, waits] = [scorer.score(row), scorer.score(row)];
    const refused = expect(waits).rejects.toThrow('is gone');
    await own[Symbol.asyncDispose]();
    await expect(running).resolves.toMatchObject({ threshold: scorer.card.threshold });
    await refused;
    await expect(scorer.score(row)).rejects.toThrow('is gone');
  });

  it('lives through being closed in the middle of its work, many times', async () => {
    for (let round = 0; round < 20; round += 1) {
      await using own = new ScoringThread();
      const scorer = await ModelScorer.open(own, join(FOLDER, 'golden.onnx'));
      for (let at = 0; at < 50; at += 1) scorer.score(row).catch(() => undefined);
    }
  });
});

describe('tables', () => {
  it('are read with quotes, line breaks and empty cells', () => {
    expect(parseCsv('a,b\r\n"x ""y"", z\nw",\n\n1,2')).toEqual([
      ['a', 'b'],
      ['x "y", z\nw', ''],
      ['1', '2'],
    ]);
  });

  it('are refused when a column is missing or no number', async () => {
    const { card } = await open();
    expect(() => rowsOf('note,site\na,b\n', card.input)).toThrow('has no column pressure, count; it has note, site');
    expect(() => rowsOf('note,pressure,count,site\na,high,1,b\n', card.input)).toThrow(
      'Row 1, pressure is “high”, which is no number',
    );
  });

  it('ties count half in the AUC', () => {
    const scored = [1, 1, 2]
      .map((value) => ({ value, normal: true }))
      .concat([
        { value: 1, normal: false },
        { value: 3, normal: false },
      ]);
    expect(figuresOf(scored, 2.5).auc).toBeCloseTo((1 + 3) / 6);
  });
});
