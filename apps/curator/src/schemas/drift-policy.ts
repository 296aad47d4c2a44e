// What a policy makes of rows that differ from the schema before: takes them only as they were, takes them all, or leaves out what differs.
import { AppError, type DRIFT_POLICIES } from '@labmesh/contracts';
import { isPlainObject, type Row } from '../rows.js';
import { type Change, driftOf, factsOfSchema } from './drift.js';
import { inferSchema, type JsonSchema } from './inference.js';
import { shapeOf } from './shape.js';
import { simpleTest } from './simple-schema.js';

export type DriftPolicy = (typeof DRIFT_POLICIES)[number];

/** What the policy left out. */
export interface Discarded {
  readonly columns: readonly string[];
  readonly rows: number;
}

export interface Settled {
  /** Of the rows as they are kept. */
  readonly schema: JsonSchema;
  readonly drift: readonly Change[];
  /** What goes through the rows and leaves out what is not to be kept; undefined where all of them stay. */
  readonly sieve: Sieve | undefined;
}

/** The rows are otherwise than they may be: `why`, without what to do about it. */
export class RowsRefused extends AppError {
  constructor(
    code: 'conflict' | 'invalid_input',
    { why, message, details }: { why: string; message: string; details: Readonly<Record<string, unknown>> },
  ) {
    super(code, message, { details });
    this.why = why;
  }

  readonly why: string;
}

/** Leaves out columns, and rows that do not fit; counts them. */
export class Sieve {
  rows = 0;

  constructor(
    readonly columns: readonly string[],
    private readonly fits: (row: Row) => boolean,
  ) {}

  keep(rows: readonly Row[]): Row[] {
    const without = this.columns.length === 0 ? rows : rows.map((row) => omit(row, this.columns));
    const kept = without.filter(this.fits);
    this.rows += rows.length - kept.length;
    return kept;
  }

  get discarded(): Discarded {
    return { columns: this.columns, rows: this.rows };
  }
}

/**
 * `freeze` takes rows only as the schema before says; `evolve` takes them, and widens the schema; `discard` leaves out columns that are
 * new, and rows that do not fit. `inferred`: of all the rows.
 * @throws RowsRefused conflict when the columns are frozen and these are others.
 */
export function settle(policy: DriftPolicy, schema: JsonSchema, inferred: JsonSchema): Settled {
  const drift = driftOf(factsOfSchema(schema), factsOfSchema(inferred)).filter(isDrift);
  switch (policy) {
    case 'freeze': {
      const [first] = drift;
      if (first === undefined) return { schema, drift, sieve: undefined };
      const why = `its columns are frozen, and "${first.column.slice(0, 100)}" is ${first.kind} (${first.before ?? 'not there'} before, ${first.after ?? 'not there'} now)${drift.length > 1 ? `, with ${drift.length - 1} more changes` : ''}`;
      throw new RowsRefused('conflict', {
        why,
        message: `Cannot take the new version: ${why}. Correct the rows, or choose evolve or discard.`,
        details: { drift },
      });
    }
    case 'evolve':
      return { schema: drift.length === 0 ? schema : merged(schema, inferred), drift, sieve: undefined };
    case 'discard': {
      const added = drift.flatMap(({ kind, column }) => (kind === 'added' ? [column] : []));
      const fits = simpleTest(schema) ?? simpleTest(typesOnly(schema)) ?? (() => true);
      return { schema, drift, sieve: new Sieve(added, fits) };
    }
  }
}

/** Fewer gaps are no drift, nor are numbers that happen to be whole. */
const isDrift = ({ kind, before, after, widens }: Change): boolean =>
  kind === 'gaps' ? widens : kind !== 'retyped' || before !== after?.replace('integer', 'number');

export interface Applied extends Omit<Settled, 'sieve'> {
  readonly rows: readonly Row[];
  readonly discarded: Discarded;
}

/** The same for rows that are all at hand. @throws AppError as `settle` */
export function applyDrift(policy: DriftPolicy, schema: JsonSchema, rows: readonly Row[]): Applied {
  const { sieve, ...settled } = settle(policy, schema, inferSchema(shapeOf(rows)));
  const kept = sieve === undefined ? rows : sieve.keep(rows);
  return { ...settled, rows: kept, discarded: sieve?.discarded ?? { columns: [], rows: 0 } };
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
