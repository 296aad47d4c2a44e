// How the columns of one version differ from those of another, by what their schemas say.
import type { Column } from '../rows/columns.js';

export interface ColumnChange {
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** In words; undefined where the column was not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const holds = ({ type, required }: Column): string => (required ? type : `${type}, not in every row`);

export function columnDrift(before: readonly Column[], after: readonly Column[]): readonly ColumnChange[] {
  const was = new Map(before.map((column) => [column.name, holds(column)]));
  const is = new Map(after.map((column) => [column.name, holds(column)]));
  const changes: ColumnChange[] = [];
  for (const name of new Set([...is.keys(), ...was.keys()])) {
    const [one, other] = [was.get(name), is.get(name)];
    if (one === other) continue;
    const kind = one === undefined ? 'added' : other === undefined ? 'removed' : 'changed';
    changes.push({ name, kind, before: one, after: other });
  }
  return changes;
}
