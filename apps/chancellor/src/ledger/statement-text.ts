// A statement as a text to keep: CSV or JSON, of entries that come page by page. Knows no database.
import type { chancellor, ToolOutput } from '@labmesh/contracts';

export type StatementEntry = ToolOutput<typeof chancellor.tools.get_balance>['history'][number];
export type StatementFormat = 'csv' | 'json';

const COLUMNS = ['at', 'transactionId', 'kind', 'change', 'balanceAfter', 'counterparty', 'memo'] as const;

const quoted = (text: string | null): string => (text === null ? '' : `"${text.replaceAll('"', '""')}"`);
const csvLine = (entry: StatementEntry): string =>
  `${COLUMNS.map((name) => (name === 'memo' ? quoted(entry.memo) : entry[name])).join(',')}\r\n`;

/** As RFC 4180 has it. */
const asCsv = (entries: readonly StatementEntry[]): string =>
  `${COLUMNS.join(',')}\r\n${entries.map(csvLine).join('')}`;

/** A list with an entry on each line. */
const asJson = (entries: readonly StatementEntry[]): string =>
  entries.map((entry) => JSON.stringify(entry)).join(',\n');

export function statementText(format: StatementFormat, entries: readonly StatementEntry[]): string {
  if (format === 'csv') return asCsv(entries);
  return entries.length === 0 ? '[]\n' : `[\n${asJson(entries)}\n]\n`;
}

/** The same of any length: no more than a page is in memory. */
export async function* statementPieces(
  format: StatementFormat,
  pages: AsyncIterable<readonly StatementEntry[]>,
): AsyncGenerator<string, void, void> {
  if (format === 'csv') yield asCsv([]);
  let before = '[\n';
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield format === 'csv' ? page.map(csvLine).join('') : before + asJson(page);
    before = ',\n';
  }
  if (format === 'json') yield before === ',\n' ? '\n]\n' : '[]\n';
}

export const STATEMENT_TYPES: Readonly<Record<StatementFormat, string>> = {
  csv: 'text/csv',
  json: 'application/json',
};
