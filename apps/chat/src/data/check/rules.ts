// Rules as somebody builds them, and as the check tool takes them.
export type DraftRule =
  | { readonly kind: 'notNull'; readonly column: string }
  | { readonly kind: 'unique'; readonly columns: readonly string[] }
  | { readonly kind: 'sql'; readonly sql: string };

/** Undefined while the text says nothing. */
export function ruleOf(kind: DraftRule['kind'], text: string): DraftRule | undefined {
  const said = text.trim();
  if (said === '') return undefined;
  switch (kind) {
    case 'notNull':
      return { kind, column: said };
    case 'unique': {
      const columns = said.split(',').map((column) => column.trim());
      return { kind, columns: columns.filter((column) => column !== '') };
    }
    case 'sql':
      return { kind, sql: said };
    default:
      return kind satisfies never;
  }
}

const NAME_MAX = 100;

export function ruleName(rule: DraftRule): string {
  const name =
    rule.kind === 'notNull'
      ? `${rule.column} is never null`
      : rule.kind === 'unique'
        ? `${rule.columns.join(', ')} ${rule.columns.length === 1 ? 'tells' : 'tell'} rows apart`
        : rule.sql.replaceAll(/\s+/g, ' ');
  return name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name;
}

export function ruleInput(rule: DraftRule): Readonly<Record<string, unknown>> {
  const name = ruleName(rule);
  if (rule.kind === 'notNull') return { name, notNull: rule.column };
  return rule.kind === 'unique' ? { name, unique: rule.columns } : { name, sql: rule.sql };
}
