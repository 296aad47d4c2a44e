// The answer of a query, as the lab gives it, and as a table shows it.
import { answerNames, answerRows } from '@labmesh/contracts';
import type { Row } from '../dataset.js';
import type { Column } from '../rows/columns.js';

export interface QueryColumn {
  readonly name: string;
  /** DuckDB's name of the type. */
  readonly type: string;
  /** Form of the values; text also for numbers that would be rounded. */
  readonly as: 'number' | 'boolean' | 'text' | 'json' | 'base64';
}

export interface QueryAnswer {
  readonly columns: readonly QueryColumn[];
  readonly rows: ReadonlyArray<readonly unknown[]>;
  readonly nextCursor?: string;
  readonly truncated?: boolean;
}

const NUMERIC = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\b.*)$/;

export function resultColumns(columns: readonly QueryColumn[]): readonly Column[] {
  const names = answerNames(columns);
  return columns.map(({ type, as }, at) => ({
    name: names[at] ?? '',
    // Names inside of a type are as they are.
    type: /["'(]/.test(type) ? type : type.toLowerCase(),
    numeric: as === 'number' || NUMERIC.test(type),
    required: true,
    nullable: true,
    description: undefined,
  }));
}

export const resultRows = ({ columns, rows }: QueryAnswer): readonly Row[] => answerRows(rows, answerNames(columns));
