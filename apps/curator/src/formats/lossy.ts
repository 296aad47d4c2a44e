// Rows into a format that need not hold all of them: refused by default, else fitted to it, and what was lost is told by column.
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '@labmesh/contracts';
import type { Json, Row } from '../rows.js';
import { readRows, type Written, writeRows } from './codec.js';
import { MetricRow } from './metrics-lines.js';
import { lowerAscii } from './parquet-schema.js';
import { isWritableName } from './parquet-types.js';
import type { DataFormat } from './text.js';

export interface Loss {
  readonly column: string;
  readonly what: string;
  /** How many rows it happened to. */
  readonly rows: number;
}

export interface Transformed {
  readonly written: Written;
  /** The rows that reading it back gives. */
  readonly rows: readonly Row[];
  readonly losses: Loss[];
}

const LOSSES_MAX = 200;

/**
 * Writes the rows and reads them back.
 * @throws AppError unsupported_format when they came back otherwise and `lossless` is asked for, or when the format holds no such rows.
 */
export async function transformRows(format: DataFormat, rows: readonly Row[], lossless: boolean): Promise<Transformed> {
  const fitted = lossless ? { rows, losses: [] } : fitRows(format, rows);
  const written = await writeRows(format, fitted.rows);
  const back = await readRows(format, written.bytes, { columns: written.columns });
  const changed = isDeepStrictEqual(back.rows, fitted.rows) ? [] : changesOf(fitted.rows, back.rows);
  if (lossless && changed.length > 0) {
    const [first] = changed;
    throw new AppError(
      'unsupported_format',
      `Cannot write the rows as ${format} without a loss: the column "${first?.column.slice(0, 100)}" ${first?.what}, in ${first?.rows} rows. Use another format, such as json, or allow the loss (lossless: false).`,
    );
  }
  return { written, rows: back.rows, losses: [...fitted.losses, ...changed].slice(0, LOSSES_MAX) };
}

/** Rows that the format can hold, and what had to go. */
function fitRows(format: DataFormat, rows: readonly Row[]): { rows: readonly Row[]; losses: Loss[] } {
  switch (format) {
    case 'parquet':
      return withWritableNames(rows);
    case 'prometheus':
      return onlyColumns(
        rows,
        Object.keys(MetricRow.shape).filter((name) => name !== 'unit' && name !== 'exemplar'),
      );
    case 'openmetrics':
      return onlyColumns(rows, Object.keys(MetricRow.shape));
    default:
      return { rows, losses: [] };
  }
}

function onlyColumns(rows: readonly Row[], names: readonly string[]): { rows: Row[]; losses: Loss[] } {
  const dropped = new Map<string, number>();
  const kept = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([name]) => {
        if (names.includes(name)) return true;
        dropped.set(name, (dropped.get(name) ?? 0) + 1);
        return false;
      }),
    ),
  );
  const losses = [...dropped].map(([column, count]) => ({
    column,
    what: 'is left out: the format has no place for it',
    rows: count,
  }));
  return { rows: kept, losses };
}

/** Names that DuckDB writes as they are, each once whatever its case. */
function withWritableNames(rows: readonly Row[]): { rows: readonly Row[]; losses: Loss[] } {
  const counts = new Map<string, number>();
  for (const row of rows) for (const name of Object.keys(row)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const taken = new Set<string>();
  const names = new Map([...counts.keys()].map((name) => [name, freeName(name, taken)]));
  const renamed = [...names].filter(([name, fitting]) => name !== fitting);
  if (renamed.length === 0) return { rows, losses: [] };
  return {
    rows: rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [names.get(name) ?? name, value])),
    ),
    losses: renamed.map(([column, fitting]) => ({
      column,
      what: `is renamed to "${fitting}"`,
      rows: counts.get(column) ?? 0,
    })),
  };
}

function freeName(name: string, taken: Set<string>): string {
  const writable = isWritableName(name) ? name : `column${name.replaceAll('\0', '')}`;
  let free = writable;
  for (let number = 2; taken.has(lowerAscii(free)); number += 1) free = `${writable}_${number}`;
  taken.add(lowerAscii(free));
  return free;
}

/** What differs, by column. */
function changesOf(before: readonly Row[], after: readonly Row[]): Loss[] {
  if (before.length !== after.length)
    return [{ column: '', what: `${before.length} rows became ${after.length}`, rows: before.length }];
  const changes = new Map<string, { what: string; rows: number }>();
  before.forEach((row, index) => {
    const other = after[index] ?? {};
    for (const name of new Set([...Object.keys(row), ...Object.keys(other)])) {
      if (isDeepStrictEqual(row[name], other[name])) continue;
      const known = changes.get(name) ?? { what: `has ${shown(row[name])} become ${shown(other[name])}`, rows: 0 };
      changes.set(name, { ...known, rows: known.rows + 1 });
    }
  });
  return [...changes].map(([column, change]) => ({ column, ...change }));
}

const shown = (value: Json | undefined): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40);
