// What the rows of a new version are beside the schema before: which schema they get, and what is told of the difference.
import { isPlainObject } from '../rows.js';
import { type DriftPolicy, RowsRefused, type Settled, settle } from '../schemas/drift-policy.js';
import type { JsonSchema } from '../schemas/inference.js';
import type { Verdict } from '../schemas/report.js';
import type { Drift } from './dataset.js';

/** What a new version is compared with. */
export interface Before {
  readonly policy: DriftPolicy;
  readonly schema: JsonSchema | null;
}

/** Undefined where there is nothing before. @throws RowsRefused conflict when the columns are frozen and these are others */
export const settledWith = (before: Before | undefined, inferred: JsonSchema): Settled | undefined =>
  before === undefined || before.schema === null ? undefined : settle(before.policy, before.schema, inferred);

export const driftTold = (settled: Settled | undefined): Drift =>
  settled === undefined || (settled.drift.length === 0 && !hasDiscarded(settled))
    ? null
    : {
        changes: [...settled.drift],
        discarded: {
          columns: [...(settled.sieve?.discarded.columns ?? [])],
          rows: settled.sieve?.discarded.rows ?? 0,
        },
      };

export const hasDiscarded = ({ sieve }: Settled): boolean =>
  sieve !== undefined && (sieve.discarded.columns.length > 0 || sieve.discarded.rows > 0);

interface Schemas {
  /** Sent along with the rows. */
  readonly given: JsonSchema | undefined;
  readonly before: Before | undefined;
  readonly settled: Settled | undefined;
  readonly inferred: JsonSchema;
  /** Checks the rows as they are kept. */
  readonly validate: (schema: JsonSchema) => Promise<Verdict>;
}

/** The schema that the version has; its rows fit. @throws RowsRefused invalid_input for rows that do not fit one that may not change */
export async function schemaFor({ given, before, settled, inferred, validate }: Schemas): Promise<JsonSchema> {
  const fixed = given ?? (before?.policy === 'evolve' ? undefined : settled?.schema);
  if (fixed !== undefined) {
    refuseMisfits(await validate(fixed));
    return fixed;
  }
  if (settled === undefined) return inferred;
  // What else was said of a column stays while it holds.
  const { schema } = settled;
  return isOfTypes(schema) || (await validate(schema)).valid ? schema : inferred;
}

/** Says nothing but types and which columns are required: what was widened by the rows holds for them. */
export const isOfTypes = ({
  $schema: _,
  type: _type,
  properties = {},
  required: _required,
  ...more
}: JsonSchema): boolean =>
  Object.keys(more).length === 0 &&
  isPlainObject(properties) &&
  Object.values(properties).every(
    (column) => isPlainObject(column) && Object.keys(column).every((keyword) => keyword === 'type'),
  );

function refuseMisfits({ valid, invalidRows, rowsChecked, errors }: Verdict): void {
  if (valid) return;
  const first = errors
    .slice(0, 3)
    .map(({ row, path, message }) => `row ${row}${path === '' ? '' : ` at ${path}`} ${message}`);
  const why = `${invalidRows} of ${rowsChecked} rows do not fit the schema: ${first.join('; ')}`;
  throw new RowsRefused('invalid_input', {
    why,
    message: `Cannot store the dataset: ${why}. Correct the rows or the schema.`,
    details: { invalidRows, errors },
  });
}
