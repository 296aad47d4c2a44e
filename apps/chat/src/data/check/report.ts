// The report of a check as the lab answers it, and the sentence that sums it up.
import { plural } from '../../ui/figures.js';

export interface RuleResult {
  readonly rule: string;
  readonly column: string | null;
  readonly status: 'ok' | 'failed' | 'error';
  readonly failures: number;
  /** Rows that fail, the first ones, counted from 0. */
  readonly samples: readonly number[];
  readonly error?: string;
}

export interface Report {
  readonly valid: boolean;
  readonly rowsChecked: number;
  /** Rows that do not fit the schema. */
  readonly invalidRows: number;
  /** All that does not fit, of the schema and of the rules. */
  readonly failures?: number;
  readonly against?: 'own' | 'given' | 'inferred' | 'rules';
  /** There are more misfits than are listed. */
  readonly partial?: boolean;
  readonly errors: ReadonlyArray<{ readonly row: number; readonly path: string; readonly message: string }>;
  readonly rules?: readonly RuleResult[];
}

export function countText({ valid, rowsChecked, invalidRows, failures, rules = [] }: Report): string {
  if (valid) return `${plural(rowsChecked, 'row')} checked, all of them fit.`;
  const parts: string[] = [];
  if (invalidRows > 0) parts.push(`${plural(invalidRows, 'row')} of ${rowsChecked.toLocaleString('en')} do not fit`);
  if (failures !== undefined && failures > invalidRows) parts.push(`${plural(failures, 'failure')} in all`);
  const unchecked = rules.filter(({ status }) => status === 'error').length;
  if (unchecked > 0) parts.push(`${plural(unchecked, 'rule')} could not be checked`);
  return `${parts.join(', ') || 'It could not be checked'}.`;
}
