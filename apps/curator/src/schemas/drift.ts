// How rows differ from those before: columns that came, went or changed, and what a policy makes of it. Knows no dataset.
import { AppError } from '@labmesh/contracts';
import { isPlainObject, type Row } from '../rows.js';
import { inferSchema, type JsonSchema } from './inference.js';
import { GrowingShape, shapeOf } from './shape.js';
import { simpleTest } from './simple-schema.js';

export const DRIFT_POLICIES = ['freeze', 'evolve', 'discard'] as const;
export type DriftPolicy = (typeof DRIFT_POLICIES)[number];

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

export interface Applied {
  readonly rows: readonly Row[];
  /** Of the rows as they are kept. */
  readonly schema: JsonSchema;
  readonly drift: readonly Change[];
  /** Columns and rows that the policy left out. */
  readonly discarded: { readonly columns: readonly string[]; readonly rows: number };
}

/**
 * Applies a policy to the rows of a new version. `freeze` takes them only as the schema before says; `evolve` takes them, and widens the
 * schema; `discard` leaves out columns that are new, and rows that do not fit.
 * @throws AppError conflict when the columns are frozen and these are others.
 */
export function applyDrift(policy: DriftPolicy, schema: JsonSchema, rows: readonly Row[]): Applied {
  const before = factsOfSchema(schema);
  const drift = driftOf(before, factsOf(rows)).filter(({ kind, widens }) => kind !== 'gaps' || widens);
  const nothing = { columns: [], rows: 0 };
  switch (policy) {
    case 'freeze': {
      const [first] = drift;
      if (first === undefined) return { rows, schema, drift, discarded: nothing };
      throw new AppError(
        'conflict',
        `Cannot take the new version: its columns are frozen, and "${first.column.slice(0, 100)}" is ${first.kind} (${first.before ?? 'not there'} before, ${first.after ?? 'not there'} now)${drift.length > 1 ? `, with ${drift.length - 1} more changes` : ''}. Correct the rows, or choose evolve or discard.`,
        { details: { drift } },
      );
    }
    case 'evolve':
      return {
        rows,
        schema: drift.length === 0 ? schema : merged(schema, inferSchema(shapeOf(rows))),
        drift,
        discarded: nothing,
      };
    case 'discard': {
      const added = drift.flatMap(({ kind, column }) => (kind === 'added' ? [column] : []));
      const without = added.length === 0 ? rows : rows.map((row) => omit(row, added));
      const fits = simpleTest(typesOnly(schema)) ?? (() => true);
      const kept = without.filter(fits);
      return { rows: kept, schema, drift, discarded: { columns: added, rows: rows.length - kept.length } };
    }
  }
}

const omit = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));

/** What a schema says of types and of columns that must be there. */
function typesOnly({ properties, required }: JsonSchema): JsonSchema {
  const columns = Object.entries(isPlainObject(properties) ? properties : {}).map(([name, schema]) => [
    name,
    isPlainObject(schema) && schema.type !== undefined ? { type: schema.type } : {},
  ]);
  return { properties: Object.fromEntries(columns), ...(Array.isArray(required) ? { required } : {}) };
}

/** One that both kinds of rows fit: types of both, required what both require. What else the first one says of a column stays while it holds. */
function merged(schema: JsonSchema, inferred: JsonSchema): JsonSchema {
  const old = isPlainObject(schema.properties) ? schema.properties : {};
  const now = isPlainObject(inferred.properties) ? inferred.properties : {};
  const properties = Object.fromEntries(
    [...new Set([...Object.keys(old), ...Object.keys(now)])].map((name) => [name, mergedColumn(old[name], now[name])]),
  );
  const [one, other] = [schema.required, inferred.required].map((names) => (Array.isArray(names) ? names : []));
  return { ...schema, properties, required: (one ?? []).filter((name) => other?.includes(name) === true) };
}

function mergedColumn(old: unknown, now: unknown): unknown {
  if (!isPlainObject(old)) return now ?? {};
  if (!isPlainObject(now) || old.type === undefined) return old;
  const before = [old.type].flat().map(String);
  const types = new Set([...before, ...[now.type ?? []].flat().map(String)]);
  if (types.has('number')) types.delete('integer');
  return types.size === before.length && before.every((type) => types.has(type)) ? old : { type: [...types] };
}
