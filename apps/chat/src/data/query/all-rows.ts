// Every row that a query answers, page after page, as far as a browser should hold them.
import { type Connection, callFor, type Outcome } from '../../mcp/connection.js';
import type { Row } from '../dataset.js';
import { TOOLS } from '../views.js';
import { type QueryAnswer, resultRows } from './query-result.js';
import type { Question } from './use-query.js';

const PAGE = 5_000;
const MOST = 200_000;

export async function allRows(connection: Connection, question: Question): Promise<Outcome<readonly Row[]>> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const input = { ...question, limit: PAGE, cursor };
    const outcome = await callFor<QueryAnswer>(connection, { name: TOOLS.query, input });
    if (!outcome.ok) return outcome;
    rows.push(...resultRows(outcome.value));
    cursor = outcome.value.nextCursor;
    if (outcome.value.truncated || (cursor !== undefined && rows.length >= MOST)) return tooMany(rows.length);
  } while (cursor !== undefined);
  return { ok: true, value: rows };
}

const tooMany = (rows: number): Outcome<never> => ({
  ok: false,
  failure: {
    code: 'too_large',
    message: `The answer has more than the ${rows.toLocaleString('en')} rows that can be fetched here: nothing was saved.`,
    hint: 'Ask for less (WHERE, LIMIT), or use “npx @labmesh/cli dataset query”.',
  },
});
