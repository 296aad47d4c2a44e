// Checks rows for a caller, against a JSON Schema and against rules: rows of a dataset, or rows sent along.
import { AppError, type Call, type curator, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { checkRules, type Rule, type RuleResult } from '../engine/data-rules.js';
import { DatasetPortions } from '../engine/dataset-portions.js';
import { DatasetTables } from '../engine/dataset-tables.js';
import { ENGINE, type Engine } from '../engine/engine.js';
import { checkTableRules } from '../engine/table-rules.js';
import type { Row } from '../rows.js';
import type { JsonSchema } from '../schemas/inference.js';
import { validatePortions, validateRows } from '../schemas/validator.js';
import { type DatasetRecord, isLarge } from './dataset.js';
import { DatasetReader } from './dataset-reader.js';

type Check = (typeof curator.tools)['validate_data_schema'];
type Output = ToolOutput<Check>;

/** Rows that were sent along, or those of a dataset. */
type Checked = { readonly rows: readonly Row[] } | { readonly record: DatasetRecord };

interface Subject {
  readonly checked: Checked;
  readonly schema: JsonSchema | undefined;
  readonly against: Output['against'];
}

@Injectable()
export class DatasetChecker {
  constructor(
    @Inject(DatasetReader) private readonly reader: DatasetReader,
    @Inject(DatasetPortions) private readonly portions: DatasetPortions,
    @Inject(DatasetTables) private readonly tables: DatasetTables,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  async check(input: ToolInput<Check>, call: Call): Promise<Output> {
    const { checked, schema = {}, against } = await this.subject(input, call);
    const verdict =
      'rows' in checked
        ? await validateRows(schema, checked.rows, input.maxErrors)
        : await this.portions.each(checked.record, call, (all) => validatePortions(schema, all, input.maxErrors));
    const rules = await this.rules(input.rules, checked, call);
    const failures = rules.reduce((sum, rule) => sum + rule.failures, verdict.failures);
    const ofSchema = verdict.rules.map((rule) => ({ ...rule, status: 'failed' as const, samples: [...rule.samples] }));
    return {
      valid: verdict.valid && rules.every(({ status }) => status === 'ok'),
      against,
      rowsChecked: verdict.rowsChecked,
      invalidRows: verdict.invalidRows,
      failures,
      partial: verdict.errors.length < verdict.failures,
      errors: [...verdict.errors],
      rules: [...ofSchema, ...rules],
    };
  }

  private async rules(rules: readonly Rule[], checked: Checked, call: Call): Promise<RuleResult[]> {
    const { engine } = this;
    if ('rows' in checked) return checkRules(rules, checked.rows, { engine, call });
    const { record } = checked;
    if (!isLarge(record)) return checkRules(rules, await this.reader.rowsOf(record), { engine, call });
    return this.tables.using([record], ([table = '']) => checkTableRules(rules, table, { engine, call }));
  }

  private async subject(input: ToolInput<Check>, call: Call): Promise<Subject> {
    const { datasetId, version, rows, schema, like, likeVersion } = input;
    if ((datasetId === undefined) === (rows === undefined))
      throw cannot('give either datasetId or rows, one of the two');
    if (schema !== undefined && like !== undefined) throw cannot('give either schema or like, one of the two');
    const record = datasetId === undefined ? undefined : await this.reader.find(datasetId, call, version);
    const checked = record === undefined ? { rows: checkedRows(rows ?? []) } : { record };
    if (like !== undefined) {
      const model = await this.portions.survey(await this.reader.find(like, call, likeVersion), call);
      return { checked, schema: model.schema(), against: 'inferred' };
    }
    if (schema !== undefined) return { checked, schema, against: 'given' };
    if (record?.rowSchema) return { checked, schema: record.rowSchema, against: 'own' };
    if (input.rules.length > 0) return { checked, schema: undefined, against: 'rules' };
    throw cannot('give a schema to check them against, another dataset that they should be like, or rules');
  }
}

const cannot = (why: string): AppError => new AppError('invalid_input', `Cannot check the rows: ${why}.`);

function checkedRows(rows: readonly unknown[]): readonly Row[] {
  rows.forEach(refuseRounded);
  return rows as readonly Row[];
}
/** Rows sent along were parsed on their way: an integer beyond 2^53 may be another than the one that was written. */
function refuseRounded(row: unknown, index: number): void {
  const number = longInteger(row);
  if (number === undefined) return;
  throw new AppError(
    'invalid_input',
    `Cannot check the rows: row ${index} holds the integer ${number}, which may have been rounded on its way. Send it as text, or submit the rows as a dataset.`,
  );
}

function longInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && isLong(value) ? value : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const inner of Object.values(value)) {
    const found = longInteger(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Beyond what is exact, and below what is written with an exponent. */
const isLong = (integer: number): boolean => Math.abs(integer) > Number.MAX_SAFE_INTEGER && Math.abs(integer) < 1e21;
