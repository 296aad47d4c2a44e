// `labmesh dataset validate`: every row against a schema, and how it ends for a script when they do not fit.
import { AppError, curator } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { Output } from '../output/output.js';
import { countText } from '../output/units.js';
import { addConnectionOptions, type Session } from '../session.js';
import { jsonObjectIn } from './local-file.js';
import { wholeNumber } from './numbers.js';

type Report = z.output<typeof curator.tools.validate_data_schema.output>;

const HELP = `
Without --schema and --like the dataset's own schema is used. Rules come beside it. Everything is counted; samples are listed.
Exit code 6 says that rows do not fit, or that a rule could not be checked.

Examples:
  npx @labmesh/cli dataset validate ds_…
  npx @labmesh/cli dataset validate ds_… --schema flare.schema.json --max-errors 200 --json
  npx @labmesh/cli dataset validate ds_… --not-null begin --unique flrID --rule "peak >= begin"`;

interface ValidateOptions {
  readonly schema?: string;
  readonly like?: string;
  readonly notNull: readonly string[];
  readonly unique: readonly string[];
  readonly rule: readonly string[];
  readonly maxErrors: number;
}

export function addValidate(group: Command, session: Session): void {
  const command = group
    .command('validate')
    .description('check every row of a dataset against a JSON Schema and rules')
    .argument('<dataset>', 'its id')
    .option('--schema <file>', 'JSON Schema (2020-12) of one row; the dataset’s own when left out')
    .option('--like <dataset>', 'instead: what the rows of this dataset are like')
    .option('--not-null <column>', 'a column without gaps; may be repeated', collect, [])
    .option('--unique <columns>', 'columns that tell rows apart, with commas between; may be repeated', collect, [])
    .option('--rule <sql>', 'SQL that holds for every row; may be repeated', collect, [])
    .option('--max-errors <count>', 'most rows to list', wholeNumber, 50);
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((datasetId: string, options: ValidateOptions) =>
      session.run(command, async ({ lab, output, host }) => {
        const { like, maxErrors } = options;
        const schema = options.schema === undefined ? undefined : await jsonObjectIn(options.schema, host.cwd);
        const input = { datasetId, schema, like, maxErrors, rules: rulesOf(options) };
        const report = await lab.use(curator, 'validate_data_schema', input);
        output.answer(report, () => showReport(output, report));
        if (!report.valid) throw new AppError('conflict', `The rows do not fit: ${countsOf(report)}.`);
      }),
    );
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

const NAME_MAX = 100;

const rulesOf = ({ notNull, unique, rule }: ValidateOptions) => [
  ...notNull.map((column) => ({ name: `${column} is never null`.slice(0, NAME_MAX), notNull: column })),
  ...unique.map((text) => {
    const columns = text.split(',').map((column) => column.trim());
    return { name: `${columns.join(', ')} unique`.slice(0, NAME_MAX), unique: columns };
  }),
  ...rule.map((sql) => ({ name: sql.replaceAll(/\s+/g, ' ').slice(0, NAME_MAX), sql })),
];

function countsOf({ invalidRows, rowsChecked, failures, rules }: Report): string {
  const unchecked = rules.filter(({ status }) => status === 'error').length;
  const counts = `${invalidRows} of ${rowsChecked} rows against the schema, ${failures} failures in all`;
  return unchecked === 0 ? counts : `${counts}, ${countText(unchecked, 'rule')} could not be checked`;
}

const STYLES = { ok: 'green', failed: 'red', error: 'yellow' } as const;

function showReport(output: Output, { valid, rowsChecked, errors, rules, partial }: Report): void {
  if (valid) output.line(`${output.style('green', 'valid')}  ${rowsChecked} rows checked, all of them fit`);
  if (rules.length > 0)
    output.table(
      ['RULE', 'COLUMN', 'VERDICT', 'FAILURES', 'ROWS'],
      rules.map(({ rule, column, status, failures, samples, error }) => [
        rule,
        column ?? '-',
        { text: status, style: STYLES[status] },
        failures,
        error ?? samples.slice(0, 8).join(' '),
      ]),
    );
  if (errors.length > 0) {
    if (rules.length > 0) output.line();
    output.table(
      ['ROW', 'WHERE', 'WHY'],
      errors.map(({ row, path, message }) => [row, path === '' ? 'the row' : path, message]),
    );
  }
  if (partial) output.note('The report is partial: more rows do not fit than are listed; the counts are of all.');
}
