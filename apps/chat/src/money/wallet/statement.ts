// Pages of a statement made one file again: one header, one list.
export type StatementFormat = 'csv' | 'json';

/** Every page of CSV begins with the same line of names; every page of JSON is a list. */
export function wholeStatement(pages: readonly string[], format: StatementFormat): string {
  if (format === 'csv') return pages.map((page, at) => (at === 0 ? page : page.slice(page.indexOf('\n') + 1))).join('');
  return `${JSON.stringify(
    pages.flatMap((page) => JSON.parse(page) as unknown[]),
    null,
    2,
  )}\n`;
}
