// Rules beside a schema, of a table that is larger than memory: each is one question to the engine. The answers are those of data-rules.ts.
import type { Call } from '@labmesh/contracts';
import { SAMPLES_MAX } from '../schemas/report.js';
import { checkOne, failed, type Rule, type RuleResult, unknownColumn } from './data-rules.js';
import type { Engine } from './engine.js';
import { type EngineSession, quoteName, quoteText } from './engine-session.js';

const LIMIT_MS = 10 * 60_000;

/** One result for each rule, in their order. */
export async function checkTableRules(
  rules: readonly Rule[],
  table: string,
  { engine, call }: { engine: Engine; call: Call },
): Promise<RuleResult[]> {
  if (rules.length === 0) return [];
  const task = { who: call.principal.walletId, limitMs: LIMIT_MS, signal: call.signal, files: [table] };
  return engine.run(task, async (session) => {
    await session.run(`CREATE VIEW data AS SELECT * FROM read_parquet(${quoteText(table)}, file_row_number = true)`);
    const { names, types } = await session.stream('SELECT * FROM data LIMIT 0');
    const columns = new Map(names.map((name, index) => [name, types[index]?.name ?? '']));
    const results: RuleResult[] = [];
    for (const rule of rules) results.push(await resultOf(session, rule, columns));
    return results;
  });
}

type Columns = ReadonlyMap<string, string>;

async function resultOf(session: EngineSession, rule: Rule, columns: Columns): Promise<RuleResult> {
  if ('sql' in rule) return checkOne(session, rule);
  const wanted = 'notNull' in rule ? [rule.notNull] : rule.unique;
  const missing = wanted.find((name) => !columns.has(name));
  if (missing !== undefined) return unknownColumn(rule.name, missing);
  const gaps = wanted.map((name) => isGap(name, columns.get(name)));
  const from =
    'notNull' in rule
      ? `data WHERE ${gaps[0]}`
      : `(SELECT file_row_number, row_number() OVER (PARTITION BY ${wanted.map(quoteName).join(', ')} ORDER BY file_row_number) AS place
          FROM data WHERE NOT (${gaps.join(' OR ')})) WHERE place > 1`;
  const [answer] = await session.all(`SELECT count(*), min(file_row_number, ${SAMPLES_MAX}) FROM ${from}`);
  if (answer === undefined) return failed(rule.name, 'it was not checked');
  const failures = Number(answer[0] ?? 0);
  const samples = Array.isArray(answer[1]) ? answer[1].map(Number) : [];
  const column = wanted.length === 1 ? (wanted[0] ?? null) : null;
  return { rule: rule.name, column, status: failures === 0 ? 'ok' : 'failed', failures, samples };
}

/** JSON's own null is one too. */
const isGap = (name: string, type: string | undefined): string =>
  type === 'JSON' ? `coalesce(CAST(${quoteName(name)} AS VARCHAR), 'null') = 'null'` : `${quoteName(name)} IS NULL`;
