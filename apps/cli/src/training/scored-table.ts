// Scores of a table's rows by a model, and the figures over them. The same scorer that Sentinel uses for calls.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type Figures,
  figuresOf,
  type LabelledRow,
  type ModelCard,
  ModelScorer,
  rowsOf,
  type Score,
  ScoringThread,
} from '@labmesh/anomaly';
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';
import { INSTALL_ROOT } from '../lab/operator-token.js';
import { printable } from '../output/failure-text.js';
import type { Output } from '../output/output.js';

const FieldsFile = z.record(z.string(), z.array(z.string()));
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
  readonly alarmsByLabel?: Readonly<Record<string, Alarms>>;
  /** Of the rows that are normal, and of those that are not, by the kind that the table gives them. */
  readonly alarmsByKind?: {
    readonly normal: Readonly<Record<string, Alarms>>;
    readonly attacks: Readonly<Record<string, Alarms>>;
  };
}

export interface Alarms {
  readonly rows: number;
  readonly alarms: number;
}

interface Given {
  readonly model: string;
  readonly data?: string | undefined;
  readonly text?: string | undefined;
  /** What kind of field the text stands in. */
  readonly field?: string | undefined;
}

export interface EvaluationOptions {
  readonly model: string;
  readonly data: string;
  /** Another table, all of whose rows are attacks. */
  readonly attacks?: string;
  /** The column with the kinds of rows; what follows a colon in it is left out. */
  readonly by?: string;
  /** A file that says which kinds stand in which kind of field. */
  readonly fields?: string;
}

/** A bare word is a model that comes with Sentinel. */
const modelPath = (model: string, cwd: string): string =>
  /^[a-z][a-z-]*$/.test(model) ? join(OWN_MODELS, `${model}.onnx`) : resolve(cwd, model);

async function scored({ model, data, text, field }: Given, cwd: string) {
  if ((data === undefined) === (text === undefined))
    throw new AppError('invalid_input', 'Say what to score: --data with a table, or --text');
  await using opened = await openModel(model, cwd);
  const { card } = opened.scorer;
  if (text !== undefined && !card.input.columns.some(({ kind }) => kind === 'text')) {
    throw new AppError('invalid_input', `The model ${card.name} reads no text: give it a table with --data`);
  }
  const rows: LabelledRow[] =
    data === undefined
      ? [{ text, categories: fieldOf(card, field), normal: true }]
      : rowsOf(await contentOf(resolve(cwd, data)), card.input);
  return { card, rows, scores: await opened.scorer.scoreAll(rows) };
}

async function openModel(model: string, cwd: string) {
  const thread = new ScoringThread();
  try {
    const scorer = await ModelScorer.open(thread, modelPath(model, cwd));
    return { scorer, [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose]() };
  } catch (error) {
    await thread[Symbol.asyncDispose]();
    throw error;
  }
}

/** For a model that asks for the kind of field; left out, it is what the model takes it for. */
function fieldOf({ name, input }: ModelCard, field: string | undefined): string[] | undefined {
  if (field === undefined) return undefined;
  const known = input.columns.some((column) => column.default !== undefined) ? input.vocabularies[0] : undefined;
  if (known === undefined) throw new AppError('invalid_input', `The model ${name} asks for no kind of field`);
  if (!known.includes(field))
    throw new AppError('invalid_input', `--field ${field} is no kind of field: use ${known.join(', ')}`);
  return [field];
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('not_found', `Cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, {
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

/** @throws AppError not_found, invalid_input when nothing says which rows are normal */
export async function evaluateTable(given: EvaluationOptions, cwd: string): Promise<Evaluation> {
  await using opened = await openModel(given.model, cwd);
  const { card } = opened.scorer;
  const fields =
    given.fields === undefined ? undefined : fieldsOf(await contentOf(resolve(cwd, given.fields)), given.fields);
  const read = async (file: string): Promise<LabelledRow[]> =>
    rowsOf(await contentOf(resolve(cwd, file)), card.input, given.by);
  const ordinary = (await read(given.data)).map((row) => inField(row, card, fields));
  const attacks =
    given.attacks === undefined ? [] : (await read(given.attacks)).map((row) => ({ ...row, normal: false }));
  const rows = [...ordinary, ...attacks];
  if (attacks.length === 0 && rows.every(({ label }) => label === undefined)) {
    const label = card.input.columns.find(({ kind }) => kind === 'label')?.name;
    throw new AppError(
      'invalid_input',
      `${given.data} has no label to compare with${label === undefined ? '' : `: the model’s is ${label}`}. npx @labmesh/cli sentinel score needs none`,
    );
  }
  const scores = await opened.scorer.scoreAll(rows);
  const judged = rows.map((row, at) => ({ ...row, value: scores[at]?.value ?? 0, alarm: scores[at]?.alarm === true }));
  const figures = figuresOf(judged, card.threshold);
  const answer = { name: card.name, threshold: card.threshold, figures };
  if (given.by === undefined) return { ...answer, alarmsByLabel: alarmsBy(judged, ({ label = '' }) => label) };
  const [normal, other] = [judged.filter((row) => row.normal), judged.filter((row) => !row.normal)];
  return { ...answer, alarmsByKind: { normal: alarmsBy(normal, kindOf), attacks: alarmsBy(other, kindOf) } };
}

const kindOf = ({ group = '' }: Pick<LabelledRow, 'group'>): string => group.split(':', 1)[0]?.trim() ?? '';

function alarmsBy<T extends { readonly alarm: boolean }>(
  rows: readonly T[],
  name: (row: T) => string,
): Record<string, Alarms> {
  const found: Record<string, Alarms> = {};
  for (const row of rows) {
    const seen = found[name(row)] ?? { rows: 0, alarms: 0 };
    found[name(row)] = { rows: seen.rows + 1, alarms: seen.alarms + (row.alarm ? 1 : 0) };
  }
  return found;
}

/** Of a file such as { "code": ["SQL", "shell"], "path": ["URL"] }: the kind of field for each kind of row. */
function fieldsOf(json: string, file: string): ReadonlyMap<string, string> {
  const read = FieldsFile.safeParse(parsed(json));
  if (!read.success)
    throw new AppError('invalid_input', `${file} must say which kinds stand in which field, such as {"code": ["SQL"]}`);
  return new Map(Object.entries(read.data).flatMap(([field, kinds]) => kinds.map((kind) => [kind, field] as const)));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const inField = (row: LabelledRow, card: ModelCard, fields: ReadonlyMap<string, string> | undefined): LabelledRow => {
  const field = fields?.get(kindOf(row));
  return field === undefined ? row : { ...row, categories: fieldOf(card, field) };
};

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

export function showEvaluation(output: Output, { name, threshold, figures, ...alarms }: Evaluation): void {
  output.line(`${output.style('bold', name)}, threshold ${threshold}`);
  for (const [figure, value] of Object.entries(figures ?? {}))
    output.line(`  ${figure.padEnd(30)} ${Number(Number(value).toFixed(5))}`);
  if (alarms.alarmsByLabel !== undefined) showAlarms(output, ['LABEL', 'ALARMS'], alarms.alarmsByLabel);
  if (alarms.alarmsByKind === undefined) return;
  showAlarms(output, ['ORDINARY', 'ALARMS'], alarms.alarmsByKind.normal);
  showAlarms(output, ['ATTACKS', 'FOUND'], alarms.alarmsByKind.attacks);
}

function showAlarms(
  output: Output,
  [what, count]: readonly [string, string],
  found: Readonly<Record<string, Alarms>>,
): void {
  if (Object.keys(found).length === 0) return;
  output.line();
  output.table(
    [what, 'ROWS', count, '%'],
    Object.entries(found).map(([name, { rows, alarms }]) => [
      name === '' ? 'none' : name,
      rows,
      alarms,
      ((100 * alarms) / rows).toFixed(1),
    ]),
  );
}
