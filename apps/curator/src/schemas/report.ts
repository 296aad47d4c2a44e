// What does not fit, counted whole by rule and column; of the single errors, and the rows of a rule, the first ones are kept.
import type { Failure } from './failures.js';

export interface RowError extends Failure {
  /** Counted from 0. */
  readonly row: number;
}

/** How often one keyword of a schema is broken in one column. */
export interface RuleCount {
  readonly rule: string;
  /** Null where it is about the row. */
  readonly column: string | null;
  readonly failures: number;
  /** Rows, the first ones. */
  readonly samples: readonly number[];
}

export interface Verdict {
  readonly valid: boolean;
  readonly rowsChecked: number;
  readonly invalidRows: number;
  /** All of them, also those that are not among the errors. */
  readonly failures: number;
  /** The first ones, in the order of the rows. */
  readonly errors: readonly RowError[];
  readonly rules: readonly RuleCount[];
}

export const SAMPLES_MAX = 20;
/** Rules are bounded by the schema, columns by the rows: what comes beyond is counted together. */
const RULES_MAX = 1_000;

export class Report {
  private readonly errors: RowError[] = [];
  private readonly counts = new Map<
    string,
    { rule: string; column: string | null; failures: number; samples: number[] }
  >();
  private failures = 0;
  private invalidRows = 0;

  constructor(private readonly errorsMax: number) {}

  add(row: number, failures: readonly Failure[]): void {
    this.invalidRows += 1;
    this.failures += failures.length;
    for (const failure of failures) {
      if (this.errors.length < this.errorsMax) this.errors.push({ row, ...failure });
      this.count(row, failure);
    }
  }

  verdict(rowsChecked: number): Verdict {
    const { invalidRows, failures, errors } = this;
    return { valid: invalidRows === 0, rowsChecked, invalidRows, failures, errors, rules: [...this.counts.values()] };
  }

  private count(row: number, { rule, path }: Failure): void {
    const column = columnOf(path);
    const key = this.counts.size < RULES_MAX ? JSON.stringify([rule, column]) : '';
    const known = this.counts.get(key) ?? { rule, column, failures: 0, samples: [] };
    known.failures += 1;
    if (known.samples.length < SAMPLES_MAX && known.samples.at(-1) !== row) known.samples.push(row);
    this.counts.set(key, known);
  }
}

/** The first key of a JSON pointer. */
function columnOf(path: string): string | null {
  const [, key] = path.split('/');
  return key === undefined ? null : key.replaceAll('~1', '/').replaceAll('~0', '~');
}
