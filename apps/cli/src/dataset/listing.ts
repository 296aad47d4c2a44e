// `labmesh dataset list` and `get`: what datasets there are, and what one of them is.
import { curator } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import { showFacts } from '../output/facts.js';
import type { Output } from '../output/output.js';
import { bytesText, sinceText } from '../output/units.js';
import { addConnectionOptions, type Session } from '../session.js';
import { wholeNumber } from './numbers.js';

type Card = z.output<typeof curator.tools.get_dataset.output>;
type Dataset = Card['dataset'];
type RowSchema = Card['schema'];

const PAGE_MAX = 200;

export function addList(group: Command, session: Session): void {
  const command = group
    .command('list')
    .description('what datasets there are for you, newest first')
    .argument('[words...]', 'words that the name or description must hold')
    .option('--limit <count>', 'how many', wholeNumber, 50);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli dataset list\n  npx @labmesh/cli dataset list solar flares --json | jq -r ".datasets[].datasetId"',
    )
    .action((words: string[], { limit }: { limit: number }) =>
      session.run(command, async ({ lab, output }) => {
        const query = words.length === 0 ? undefined : words.join(' ');
        const datasets: Dataset[] = [];
        let cursor: string | undefined;
        do {
          const input = { query, cursor, limit: Math.min(PAGE_MAX, limit - datasets.length) };
          const page = await lab.use(curator, 'list_available_datasets', input);
          datasets.push(...page.datasets);
          cursor = page.nextCursor;
        } while (cursor !== undefined && datasets.length < limit);
        output.answer({ datasets, ...(cursor === undefined ? {} : { nextCursor: cursor }) }, () =>
          showList(output, datasets),
        );
        if (cursor !== undefined) output.note(`There are more: --limit ${limit * 2}`);
      }),
    );
}

function showList(output: Output, datasets: readonly Dataset[]): void {
  if (datasets.length === 0) output.note('No dataset fits. Add one: npx @labmesh/cli dataset submit FILE');
  else
    output.table(
      ['DATASET', 'NAME', 'FORMAT', 'ROWS', 'SIZE', 'VERSION', 'AGE', 'LICENCE', 'OWNER'],
      datasets.map((dataset) => [
        { text: dataset.datasetId, style: 'bold' },
        dataset.name,
        dataset.format,
        dataset.rows,
        bytesText(dataset.bytes),
        sinceText(dataset.createdAt, Date.now()),
        dataset.provenance.license ?? '-',
        dataset.owner,
      ]),
    );
}

export function addGet(group: Command, session: Session): void {
  const command = group
    .command('get')
    .description('what one dataset is: where it came from, its columns, its versions')
    .argument('<dataset>', 'its id, as list gives it');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli dataset get ds_…\n  npx @labmesh/cli dataset get ds_… --json | jq .schema',
    )
    .action((datasetId: string) =>
      session.run(command, async ({ lab, output }) => {
        const card = await lab.use(curator, 'get_dataset', { datasetId });
        output.answer(card, () => showCard(output, card));
      }),
    );
}

function showCard(output: Output, { dataset, schema, versions }: Card): void {
  const { provenance } = dataset;
  output.line(`${output.style('bold', dataset.name)}  ${output.style('dim', dataset.datasetId)}`);
  if (dataset.description !== '') output.line(output.style('dim', dataset.description));
  output.line();
  showFacts(output, [
    ['format', dataset.format],
    ['rows', dataset.rows.toLocaleString('en')],
    ['size', bytesText(dataset.bytes)],
    ['owner', dataset.owner],
    ['origin', dataset.origin],
    ['topics', dataset.topics.length === 0 ? null : dataset.topics.join(', ')],
    ['licence', provenance.license],
    ['source', provenance.source],
    ['obtained', provenance.obtainedAt],
    ['in the lab since', dataset.createdAt],
    ['made from', provenance.derivedFrom],
    ['note', provenance.note],
    ['address', `dataset://${dataset.datasetId}`],
    ['sha256', dataset.sha256],
  ]);
  const columns = columnsIn(schema);
  if (columns.length > 0) {
    output.line();
    output.table(['COLUMN', 'HOLDS', 'IN EVERY ROW', 'MEANING'], columns);
  }
  output.line();
  output.table(
    ['VERSION', 'AGE', 'ROWS', 'SIZE', 'FORMAT', 'SHA-256', 'WHAT CHANGED'],
    versions.map(({ version, createdAt, rows, bytes, format, sha256, note }) => [
      version,
      sinceText(createdAt, Date.now()),
      rows,
      bytesText(bytes),
      format,
      `${sha256.slice(0, 12)}…`,
      note ?? '',
    ]),
  );
}

/** Name, types, whether each row has it, and what the schema says of it. */
function columnsIn(schema: RowSchema): Array<readonly [string, string, string, string]> {
  const properties = objectOf(schema?.properties);
  const required = Array.isArray(schema?.required) ? schema.required : [];
  return Object.entries(properties).map(([name, property]) => {
    const { type, description } = objectOf(property);
    const types = Array.isArray(type) ? type.join(' or ') : typeof type === 'string' ? type : 'anything';
    return [name, types, required.includes(name) ? 'yes' : 'no', typeof description === 'string' ? description : ''];
  });
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
