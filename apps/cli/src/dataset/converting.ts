// `labmesh dataset convert`: the same rows in another format, as a dataset of yours and, where wanted, as a file.
import { AppError, curator, DATA_FORMATS, type DataFormat, formatOfName } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { bytesText } from '../output/units.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { save } from './fetching.js';

const HELP = `
The format is --to, or what the name of --output says. What a format cannot hold is refused; with --lossy it is converted and
what was lost is told.

Examples:
  npx @labmesh/cli dataset convert ds_… --to parquet
  npx @labmesh/cli dataset convert ds_… -o flares.parquet`;

interface ConvertOptions {
  readonly to?: DataFormat;
  readonly name?: string;
  readonly output?: string;
  readonly lossy?: boolean;
}

export function addConvert(group: Command, session: Session): void {
  const command = group
    .command('convert')
    .description('make a dataset with the same rows in another format')
    .argument('<dataset>', 'its id')
    .addOption(new Option('--to <format>', 'the format').choices(DATA_FORMATS))
    .option('--name <text>', 'name of the new dataset')
    .option('--lossy', 'also when something is lost')
    .option('-o, --output <file>', 'write the new dataset’s bytes there, too');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((datasetId: string, options: ConvertOptions) =>
      session.run(command, (work) => convert(work, datasetId, options)),
    );
}

async function convert(
  work: Work,
  datasetId: string,
  { to, name, output: file, lossy }: ConvertOptions,
): Promise<void> {
  const { lab, output } = work;
  const format = to ?? (file === undefined ? undefined : formatOfName(file));
  if (format === undefined) {
    throw new AppError('invalid_input', 'Say which format: --to parquet, or a file name that ends in it.');
  }
  const made = await lab.use(curator, 'transform_data_format', {
    datasetId,
    to: format,
    name,
    lossless: lossy !== true,
  });
  for (const { column, what, rows } of made.losses) output.note(`Lost: ${column}: ${what} (${rows} rows)`);
  if (file !== undefined) return save(work, { datasetId: made.dataset.datasetId }, file);
  output.answer(made, () => output.line(made.dataset.datasetId));
  output.note(`“${made.dataset.name}”: ${made.dataset.rows} rows, ${bytesText(made.dataset.bytes)} of ${format}.`);
}
