// What a bench answers: figures for people as a table, for scripts as one JSON object. A floor is a bound that must hold.
export interface Figure {
  readonly case: string;
  readonly values: Readonly<Record<string, number | string>>;
}

export interface Floor {
  readonly what: string;
  readonly limit: number;
  /** What is measured must not be below the limit, rather than above. */
  readonly least?: true;
  readonly measured: number;
  readonly ok: boolean;
}

export interface BenchResult {
  readonly name: string;
  readonly figures: readonly Figure[];
  readonly floors: readonly Floor[];
  readonly ok: boolean;
  /** What could not be measured here, and why. */
  readonly notes: readonly string[];
}

export const atMost = (what: string, measured: number, limit: number): Floor => ({
  what,
  limit,
  measured,
  ok: measured <= limit,
});

export const atLeast = (what: string, measured: number, limit: number): Floor => ({
  what,
  limit,
  least: true,
  measured,
  ok: measured >= limit,
});

export function result(
  name: string,
  figures: readonly Figure[],
  floors: readonly Floor[],
  notes: readonly string[] = [],
): BenchResult {
  return { name, figures, floors, ok: floors.every(({ ok }) => ok), notes };
}

export function asTable({ name, figures, floors, notes }: BenchResult): string {
  const columns = [...new Set(figures.flatMap(({ values }) => Object.keys(values)))];
  const rows = [
    ['case', ...columns],
    ...figures.map((figure) => [figure.case, ...columns.map((column) => String(figure.values[column] ?? ''))]),
  ];
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row.map((text, at) => (at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0))).join('  '),
  );
  const bounds = floors.map(
    ({ what, measured, limit, least, ok }) =>
      `${ok ? 'holds ' : 'BROKEN'}  ${what}: ${measured} (at ${least ? 'least' : 'most'} ${limit})`,
  );
  return [
    `${name}  (Node ${process.version}, ${process.platform} ${process.arch})`,
    '',
    ...lines,
    '',
    ...bounds,
    ...notes.map((note) => `note    ${note}`),
    '',
  ].join('\n');
}

/** Three significant figures: what such a measurement can carry. */
export const round = (value: number): number => Number(value.toPrecision(3));
