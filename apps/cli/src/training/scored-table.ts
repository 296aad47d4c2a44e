// Scores of a table's rows by a model, and the figures over them. The same scorer that Sentinel uses for calls.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type Figures,
  figuresOf,
  type LabelledRow,
  ModelScorer,
  rowsOf,
  type Score,
  ScoringThread,
} from '@labmesh/anomaly';
import { AppError } from '@labmesh/contracts';
import { INSTALL_ROOT } from '../lab/operator-token.js';
import { printable } from '../output/failure-text.js';
import type { Output } from '../output/output.js';

const OWN_MODELS = join(INSTALL_ROOT, 'apps/sentinel/models');

export interface ScoredRow extends Score {
  /** Counted from 1, the header not counted. */
  readonly row: number;
  readonly label?: string | undefined;
}

export interface ScoredTable {
  readonly model: string;
  readonly threshold: number;
  readonly alarms: number;
  readonly rows: readonly ScoredRow[];
}

export interface Evaluation {
  readonly name: string;
  readonly threshold: number;
  readonly figures: Readonly<Record<string, number>> | Figures | null;
  readonly alarmsByLabel?: Readonly<Record<string, { rows: number; alarms: number }>>;
}

interface Given {
  readonly model: string;
  readonly data?: string | undefined;
  readonly text?: string | undefined;
}

/** A bare word is a model that comes with Sentinel. */
const modelPath = (model: string, cwd: string): string =>
  /^[a-z][a-z-]*$/.test(model) ? join(OWN_MODELS, `${model}.onnx`) : resolve(cwd, model);

async function scored({ model, data, text }: Given, cwd: string) {
  if ((data === undefined) === (text === undefined))
    throw new AppError('invalid_input', 'Say what to score: --data with a table, or --text');
  await using thread = new ScoringThread();
  const scorer = await ModelScorer.open(thread, modelPath(model, cwd));
  const { card } = scorer;
  if (text !== undefined && !card.input.columns.some(({ kind }) => kind === 'text')) {
    throw new AppError('invalid_input', `The model ${card.name} reads no text: give it a table with --data`);
  }
  const rows: LabelledRow[] =
    data === undefined ? [{ text, normal: true }] : rowsOf(await tableText(resolve(cwd, data)), card.input);
  return { card, rows, scores: await scorer.scoreAll(rows) };
}

async function tableText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('not_found', `Cannot read the table ${path}: ${(cause as NodeJS.ErrnoException).code}`, {
      cause,
    });
  }
}

/** @throws AppError not_found, invalid_input */
export async function scoreRows(given: Given, cwd: string): Promise<ScoredTable> {
  const { card, rows, scores } = await scored(given, cwd);
  return {
    model: card.name,
    threshold: card.threshold,
    alarms: scores.filter(({ alarm }) => alarm).length,
    rows: scores.map((score, at) => ({ row: at + 1, ...score, label: rows[at]?.label })),
  };
}

/** @throws AppError not_found, invalid_input when the table has no label */
export async function evaluateTable(given: { model: string; data: string }, cwd: string): Promise<Evaluation> {
  const { card, rows, scores } = await scored(given, cwd);
  if (rows.every(({ label }) => label === undefined)) {
    const label = card.input.columns.find(({ kind }) => kind === 'label')?.name;
    throw new AppError(
      'invalid_input',
      `${given.data} has no label to compare with${label === undefined ? '' : `: the model’s is ${label}`}. labmesh sentinel score needs none`,
    );
  }
  const all = scores.map(({ value }, at) => ({ value, normal: rows[at]?.normal ?? true }));
  const alarmsByLabel: Record<string, { rows: number; alarms: number }> = {};
  for (const [at, { label = '' }] of rows.entries()) {
    const seen = alarmsByLabel[label] ?? { rows: 0, alarms: 0 };
    alarmsByLabel[label] = { rows: seen.rows + 1, alarms: seen.alarms + (scores[at]?.alarm === true ? 1 : 0) };
  }
  return { name: card.name, threshold: card.threshold, figures: figuresOf(all, card.threshold), alarmsByLabel };
}

export function showScores(output: Output, { rows, alarms, threshold }: ScoredTable, top: number): void {
  const shown = [...rows].sort((a, b) => b.value - a.value).slice(0, top);
  output.table(
    ['ROW', 'SCORE', 'ALARM', 'WHY', 'TEXT'],
    shown.map(({ row, value, alarm, reasons, span }) => [
      row,
      value.toFixed(3),
      { text: alarm ? 'yes' : 'no', style: alarm ? 'red' : 'green' },
      reasons.map(({ feature, share }) => `${feature} ${Math.round(share * 100)}%`).join(', '),
      printable(span ?? '').replaceAll('\n', ' '),
    ]),
  );
  output.line();
  output.line(`${alarms} of ${rows.length} rows are above the threshold ${threshold}`);
}

export function showEvaluation(output: Output, { name, threshold, figures, alarmsByLabel }: Evaluation): void {
  output.line(`${output.style('bold', name)}, threshold ${threshold}`);
  for (const [figure, value] of Object.entries(figures ?? {}))
    output.line(`  ${figure.padEnd(30)} ${Number(Number(value).toFixed(5))}`);
  if (alarmsByLabel === undefined) return;
  output.line();
  output.table(
    ['LABEL', 'ROWS', 'ALARMS'],
    Object.entries(alarmsByLabel).map(([label, { rows, alarms }]) => [label === '' ? 'none' : label, rows, alarms]),
  );
}
