// Rules beside a schema: no gaps, no doubles, and what SQL says of a row. A rule that cannot be checked is told as that, and never
// hides the others.
import { AppError, type Call, type curator, type ToolInput } from '@labmesh/contracts';
import { canonicalJson } from '@labmesh/transparency';
import { shapeOf } from '../schemas/shape.js';
import { writeParquetFile } from '../formats/parquet-writer.js';
import type { Row } from '../rows.js';
import { SAMPLES_MAX } from '../schemas/report.js';
import type { Engine } from './engine.js';
import { EngineError } from './engine-errors.js';
import { type EngineSession, quoteText } from './engine-session.js';
import { sqlError } from './sql-errors.js';
import { guardSql } from './sql-guard.js';

export type Rule = ToolInput<(typeof curator.tools)['validate_data_schema']>['rules'][number];

export interface RuleResult {
  readonly rule: string;
  readonly column: string | null;
  readonly status: 'ok' | 'failed' | 'error';
  readonly failures: number;
  /** Rows that fail, counted from 0, the first ones. */
  readonly samples: number[];
  readonly error?: string;
}

const LIMIT_MS = 20_000;

/** One result for each rule, in their order. */
export async function checkRules(
  rules: readonly Rule[],
  rows: readonly Row[],
  { engine, call }: { engine: Engine; call: Call },
): Promise<RuleResult[]> {
  const inSql = rules.flatMap((rule) => ('sql' in rule ? [rule] : []));
  const answers = inSql.length === 0 ? [] : await checkSql(inSql, rows, { engine, call });
  return rules.map((rule) => {
    if ('notNull' in rule) return gaps(rule, rows);
    if ('unique' in rule) return doubles(rule, rows);
    return answers[inSql.indexOf(rule)] ?? failed(rule.name, 'it was not checked');
  });
}

const result = (rule: string, column: string | null, found: readonly number[]): RuleResult => ({
  rule,
  column,
  status: found.length === 0 ? 'ok' : 'failed',
  failures: found.length,
  samples: found.slice(0, SAMPLES_MAX),
});

export const failed = (rule: string, error: string, column: string | null = null): RuleResult => ({
  rule,
  column,
  status: 'error',
  failures: 0,
  samples: [],
  error,
});

export const unknownColumn = (rule: string, column: string): RuleResult =>
  failed(rule, `There is no column "${column.slice(0, 100)}"`, column);

const isThere = (rows: readonly Row[], column: string): boolean => rows.some((row) => Object.hasOwn(row, column));

/** Rows that lack the column, or have null there. */
function gaps({ name, notNull: column }: Extract<Rule, { notNull: string }>, rows: readonly Row[]): RuleResult {
  if (rows.length > 0 && !isThere(rows, column)) return unknownColumn(name, column);
  const found = rows.flatMap((row, index) => ((row[column] ?? null) === null ? [index] : []));
  return result(name, column, found);
}

/** Rows whose values were there before; those with a gap are not compared. */
function doubles({ name, unique }: Extract<Rule, { unique: string[] }>, rows: readonly Row[]): RuleResult {
  const column = unique.length === 1 ? (unique[0] ?? null) : null;
  const missing = unique.find((one) => rows.length > 0 && !isThere(rows, one));
  if (missing !== undefined) return unknownColumn(name, missing);
  const seen = new Set<string>();
  const found = rows.flatMap((row, index) => {
    const values = unique.map((one) => row[one] ?? null);
    if (values.includes(null)) return [];
    const key = canonicalJson(values);
    if (seen.has(key)) return [index];
    seen.add(key);
    return [];
  });
  return result(name, column, found);
}

type SqlRule = Extract<Rule, { sql: string }>;

async function checkSql(
  rules: readonly SqlRule[],
  rows: readonly Row[],
  { engine, call }: { engine: Engine; call: Call },
): Promise<RuleResult[]> {
  const task = { who: call.principal.walletId, limitMs: LIMIT_MS, signal: call.signal };
  return engine.run(task, async (session) => {
    const file = await writeParquetFile(session, rows, shapeOf(rows));
    await session.run(`CREATE VIEW data AS SELECT * FROM read_parquet(${quoteText(file)}, file_row_number = true)`);
    const results: RuleResult[] = [];
    for (const rule of rules) results.push(await checkOne(session, rule));
    return results;
  });
}

export async function checkOne(session: EngineSession, { name, sql }: SqlRule): Promise<RuleResult> {
  // On a line of its own, so that a comment at its end ends there.
  const test = `SELECT (\n${sql}\n) AS holds FROM data`;
  try {
    const [tree] = await session.all(`SELECT CAST(json_serialize_sql(${quoteText(test)}) AS VARCHAR)`);
    guardSql(String(tree?.[0]), { sql: test, from: 0 }, ['data']);
    const [answer] = await session.all(
      `SELECT count(*), min(file_row_number, ${SAMPLES_MAX}) FROM data WHERE (\n${sql}\n) IS NOT TRUE`,
    );
    const failures = Number(answer?.[0] ?? 0);
    const samples = Array.isArray(answer?.[1]) ? answer[1].map(Number) : [];
    return { rule: name, column: null, status: failures === 0 ? 'ok' : 'failed', failures, samples };
  } catch (thrown) {
    if (thrown instanceof EngineError) return failed(name, sqlError(thrown.message, test).message);
    if (thrown instanceof AppError && thrown.code === 'invalid_input') return failed(name, thrown.message);
    throw thrown;
  }
}
