// How rows differ from those before: columns that came, went or changed. Knows no dataset.
import { isPlainObject, type Row } from '../rows.js';
import { inferSchema, type JsonSchema } from './inference.js';
import { GrowingShape } from './shape.js';

/** What is known of a column: JSON types without null and with number for integer beside it, gaps, and the span of its numbers or texts. */
export interface ColumnFacts {
  readonly types: readonly string[];
  /** Some rows hold null there, or lack it. */
  readonly gaps: boolean;
  readonly least: number | string | null;
  readonly most: number | string | null;
}

export interface Change {
  readonly column: string;
  readonly kind: 'added' | 'removed' | 'retyped' | 'gaps' | 'range';
  readonly before: string | null;
  readonly after: string | null;
  /** Rows as before fit what is now. */
  readonly widens: boolean;
}

/** What rows hold that come one after another, more than are held at once. */
export class Survey {
  rows = 0;
  readonly #grown = new GrowingShape();
  readonly #spans = new Map<string, Span>();

  add(row: Row): void {
    this.rows += 1;
    this.#grown.add(row);
    for (const [name, value] of Object.entries(row)) {
      if (typeof value !== 'number' && typeof value !== 'string') continue;
      const span = this.#spans.get(name);
      if (span === undefined) this.#spans.set(name, { least: value, most: value });
      else widen(span, value);
    }
  }

  schema(): JsonSchema {
    return inferSchema(this.#grown.shape);
  }

  /** The columns, in the order in which they first appeared. */
  facts(): Map<string, ColumnFacts> {
    const facts = factsOfSchema(this.schema());
    return new Map([...facts].map(([name, column]) => [name, { ...column, ...(this.#spans.get(name) ?? NO_SPAN) }]));
  }
}

interface Span {
  least: number | string | null;
  most: number | string | null;
}
const NO_SPAN = { least: null, most: null } as const;

function widen(span: Span, value: number | string): void {
  const { least, most } = span;
  if (least === null || most === null) return;
  // Of a mixture there is no span.
  if (typeof value !== typeof least) Object.assign(span, NO_SPAN);
  else if (value < least) span.least = value;
  else if (value > most) span.most = value;
}

/** The columns of rows, in the order in which they first appeared. */
export const factsOf = (rows: readonly Row[]): Map<string, ColumnFacts> => surveyOf(rows).facts();

export function surveyOf(rows: readonly Row[]): Survey {
  const survey = new Survey();
  for (const row of rows) survey.add(row);
  return survey;
}

/** As a schema says; a schema says nothing of a span. */
export function factsOfSchema(schema: JsonSchema): Map<string, ColumnFacts> {
  const { properties, required } = schema;
  const needed = Array.isArray(required) ? required : [];
  const facts = Object.entries(isPlainObject(properties) ? properties : {}).map(
    ([name, inner]): [string, ColumnFacts] => {
      const types = typesOf(isPlainObject(inner) ? inner : {});
      return [
        name,
        {
          types: types.filter((type) => type !== 'null'),
          gaps: types.includes('null') || !needed.includes(name),
          least: null,
          most: null,
        },
      ];
    },
  );
  return new Map(facts);
}

const typesOf = ({ type }: JsonSchema): string[] => (type === undefined ? [] : [type].flat().map(String));

/** What is otherwise than before, column by column. */
export function driftOf(before: ReadonlyMap<string, ColumnFacts>, after: ReadonlyMap<string, ColumnFacts>): Change[] {
  const removed = [...before].filter(([column]) => !after.has(column));
  const added = [...after].filter(([column]) => !before.has(column));
  const kept = [...after].flatMap(([column, now]) => {
    const then = before.get(column);
    return then === undefined ? [] : changesOf(column, then, now);
  });
  return [
    ...added.map(
      ([column, { types }]): Change => ({ column, kind: 'added', before: null, after: words(types), widens: true }),
    ),
    ...removed.map(
      ([column, { types }]): Change => ({ column, kind: 'removed', before: words(types), after: null, widens: false }),
    ),
    ...kept,
  ];
}

function changesOf(column: string, then: ColumnFacts, now: ColumnFacts): Change[] {
  const changes: Change[] = [];
  // Columns of nulls alone, and those of which a schema says nothing, have no type to change.
  if (then.types.length > 0 && now.types.length > 0 && words(then.types) !== words(now.types)) {
    const widens = then.types.every(
      (type) => now.types.includes(type) || (type === 'integer' && now.types.includes('number')),
    );
    changes.push({ column, kind: 'retyped', before: words(then.types), after: words(now.types), widens });
  }
  if (then.gaps !== now.gaps)
    changes.push({ column, kind: 'gaps', before: gapWord(then), after: gapWord(now), widens: now.gaps });
  if (
    typeof then.least === typeof now.least &&
    then.least !== null &&
    now.least !== null &&
    (then.least !== now.least || then.most !== now.most)
  )
    changes.push({
      column,
      kind: 'range',
      before: span(then),
      after: span(now),
      widens: now.least <= then.least && (now.most ?? 0) >= (then.most ?? 0),
    });
  return changes;
}

const words = (types: readonly string[]): string => (types.length === 0 ? 'nothing' : [...types].sort().join(' or '));
const gapWord = ({ gaps }: ColumnFacts): string => (gaps ? 'some rows have no value' : 'every row has a value');
const span = ({ least, most }: ColumnFacts): string =>
  `${JSON.stringify(least).slice(0, 60)} to ${JSON.stringify(most).slice(0, 60)}`;
