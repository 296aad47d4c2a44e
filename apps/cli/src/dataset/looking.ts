// `labmesh dataset profile`, `infer` and `compare`: what the columns hold, which schema fits, and what changed between two datasets.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError, curator } from '@labmesh/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Output } from '../output/output.js';
import { countText } from '../output/units.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { wholeNumber } from './numbers.js';

/** Of the tool's structured answer, what the table shows; --json has all of it. */
const Profile = z.object({
  rows: z.number(),
  duplicates: z.number(),
  columns: z.array(
    z.looseObject({
      name: z.string(),
      type: z.string(),
      nulls: z.number(),
      missing: z.number(),
      distinct: z.number(),
      min: z.unknown(),
      max: z.unknown(),
      numbers: z.looseObject({ mean: z.number() }).optional(),
      top: z.array(z.object({ value: z.unknown(), count: z.number() })),
    }),
  ),
});

export function addProfile(group: Command, session: Session): void {
  const command = group
    .command('profile')
    .description('what each column holds: gaps, different values, range, mean, the most frequent value')
    .argument('<dataset>', 'its id')
    .option('--columns <names>', 'only these, with commas between')
    .option('--number <version>', 'an earlier version, counted from 1', wholeNumber)
    .option('--picture <file>', 'write the profile as an SVG, too');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli dataset profile ds_…\n  npx @labmesh/cli dataset profile ds_… --columns seen,depth --json | jq ".columns[].numbers.quantiles"\n  npx @labmesh/cli dataset profile ds_… --picture profile.svg',
    )
    .action((datasetId: string, options: ProfileOptions) =>
      session.run(command, (work) => profile(work, datasetId, options)),
    );
}

interface ProfileOptions {
  readonly columns?: string;
  readonly number?: number;
  readonly picture?: string;
}

async function profile({ lab, output, host }: Work, datasetId: string, { columns, number, picture }: ProfileOptions) {
  const names = columns?.split(',').map((name) => name.trim());
  const input = {
    datasetId,
    version: number,
    picture: picture !== undefined,
    ...(names === undefined ? {} : { columns: names }),
  };
  const { content, structured } = await lab.show(curator, 'profile_dataset', input);
  const found = Profile.parse(structured);
  const image = content.find((block) => block.type === 'image');
  if (picture !== undefined && image !== undefined)
    await writeFile(resolve(host.cwd, picture), Buffer.from(image.data, 'base64'));
  output.answer(structured, () => showProfile(output, found));
}

function showProfile(output: Output, { rows, duplicates, columns }: z.output<typeof Profile>): void {
  output.table(
    ['COLUMN', 'TYPE', 'NULL', 'MISSING', 'DIFFERENT', 'LEAST', 'MOST', 'MEAN', 'MOST FREQUENT'],
    columns.map(({ name, type, nulls, missing, distinct, min, max, numbers, top }) => [
      { text: name, style: 'bold' },
      type,
      nulls,
      missing,
      distinct,
      short(min),
      short(max),
      numbers === undefined ? '' : Number(numbers.mean.toPrecision(6)),
      top[0] === undefined || top[0].count < 2 ? '' : `${short(top[0].value)} (${top[0].count})`,
    ]),
  );
  output.note(`${countText(rows, 'row')}, ${duplicates} of them the same as one before.`);
}

const TEXT_MAX = 24;

function short(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = [...(typeof value === 'object' ? JSON.stringify(value) : String(value))];
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1).join('')}…` : text.join('');
}

export function addInfer(group: Command, session: Session): void {
  const command = group
    .command('infer')
    .description('the JSON Schema that the rows of a dataset fit')
    .argument('<dataset>', 'its id')
    .option('--number <version>', 'an earlier version, counted from 1', wholeNumber);
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli dataset infer ds_… > rows.schema.json')
    .action((datasetId: string, { number }: { number?: number }) =>
      session.run(command, async ({ lab, output }) => {
        const inferred = await lab.use(curator, 'infer_schema', { datasetId, version: number });
        output.answer(inferred, () => output.line(JSON.stringify(inferred.schema, null, 2)));
        output.note(`${inferred.rows} rows were seen.`);
      }),
    );
}

const COMPARE_HELP = `
With one dataset, two of its versions are compared: --from 3 with the last, or --from 3 --to 5.

Examples:
  npx @labmesh/cli dataset compare ds_… --from 1
  npx @labmesh/cli dataset compare ds_… ds_… --evolve`;

interface CompareOptions {
  readonly from?: number;
  readonly to?: number;
  readonly freeze?: boolean;
  readonly evolve?: boolean;
}

export function addCompare(group: Command, session: Session): void {
  const command = group
    .command('compare')
    .description('how the columns of a dataset differ from those of an earlier one, or of an earlier version')
    .argument('<before>', 'the earlier dataset')
    .argument('[after]', 'the later one; the same when left out')
    .option('--from <version>', 'the earlier version; the last when left out', wholeNumber)
    .option('--to <version>', 'the later version; the last when left out', wholeNumber)
    .option('--freeze', 'end with exit code 6 when anything changed')
    .option('--evolve', 'end with exit code 6 when rows as before would not fit any more');
  addConnectionOptions(command)
    .addHelpText('after', COMPARE_HELP)
    .action((before: string, after: string | undefined, options: CompareOptions) =>
      session.run(command, async ({ lab, output }) => {
        const { from, to, freeze, evolve } = options;
        if (after === undefined && from === undefined)
          throw new AppError('invalid_input', 'Say what to compare it with: a second dataset, or --from a version.');
        const input = { before, beforeVersion: from, after: after ?? before, afterVersion: to };
        const drift = await lab.use(curator, 'compare_datasets', input);
        output.answer(drift, () => showDrift(output, drift));
        const breaking = drift.changes.filter(({ widens }) => !widens);
        const refused = freeze === true ? drift.changes : evolve === true ? breaking : [];
        if (refused.length > 0)
          throw new AppError('conflict', `The columns changed: ${refused.map(({ column }) => column).join(', ')}.`);
      }),
    );
}

type Drift = z.output<typeof curator.tools.compare_datasets.output>;

function showDrift(output: Output, { same, rowsBefore, rowsAfter, changes }: Drift): void {
  if (changes.length === 0) output.line(same ? 'The very same bytes.' : 'The columns hold the same.');
  else showChanges(output, changes);
  output.note(`${rowsBefore} rows before, ${rowsAfter} after.`);
}

export function showChanges(output: Output, changes: Drift['changes']): void {
  output.table(
    ['COLUMN', 'CHANGE', 'BEFORE', 'AFTER', 'ROWS AS BEFORE FIT'],
    changes.map(({ column, kind, before, after, widens }) => [
      { text: column, style: 'bold' },
      kind,
      before ?? '',
      after ?? '',
      { text: widens ? 'yes' : 'no', style: widens ? 'green' : 'red' },
    ]),
  );
}
