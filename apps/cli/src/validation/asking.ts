// `labmesh validation ask`: puts a claim to the lab, so that others measure it without seeing the value.

import { curator } from '@labmesh/contracts';
import type { Command } from 'commander';
import { localFile } from '../dataset/local-file.js';
import { wholeNumber } from '../dataset/numbers.js';
import { sha256OfFile } from '../lab/local-upload.js';
import { confirmed } from '../output/confirmed.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';

const HELP = `
Who measures does not see your value: leave it out of the title and the method. The version is the last one unless you name
another. --model is a file whose SHA-256 the claim names, or that SHA-256. Of a dataset of yours --share lets everybody read that
version until the validation ends: without it nobody could check the claim. The same claim again is the one that is there.

Examples:
  npx @labmesh/cli validation ask "Flares with an ejection" --dataset ds_… --metric accuracy --claimed 0.61 --tolerance 0.005 --method "models/flares.onnx of the validator-vial" --model models/flares.onnx
  npx @labmesh/cli validation ask "Mean power" --dataset ds_… --metric mean --claimed 3.25 --tolerance 0.01 --method "AVG(power)" --share --json`;

interface AskOptions {
  readonly dataset: string;
  readonly number?: number;
  readonly metric: string;
  readonly claimed: string;
  readonly tolerance: string;
  readonly method: string;
  readonly model?: string;
  readonly reports?: number;
  readonly days?: number;
  readonly share?: boolean;
  readonly yes?: boolean;
}

export function addAsk(group: Command, session: Session): void {
  const command = group
    .command('ask')
    .description('put a claim about a result to the lab')
    .argument('<title>', 'what it is about, in one line; everybody reads it')
    .requiredOption('--dataset <dataset>', 'what it was measured on')
    .requiredOption('--metric <name>', 'what was measured, such as accuracy')
    .requiredOption('--claimed <number>', 'what you measured, such as 0.6122')
    .requiredOption('--tolerance <number>', 'most that values differ and still agree, such as 0.005')
    .requiredOption('--method <text>', 'what is run, where it is, how others run it')
    .option('--number <version>', 'of the dataset', wholeNumber)
    .option('--model <file|sha256>', 'the model that was run')
    .option('--reports <count>', 'how many have to agree: 2 to 5', wholeNumber)
    .option('--days <count>', 'until it ends undecided', wholeNumber)
    .option('--share', 'everybody may read this version of your dataset until it ends')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((title: string, options: AskOptions) =>
      session.run(command, async (work) => {
        const { lab, output, host } = work;
        const { dataset: datasetId, metric, claimed, tolerance, method, reports, days, share, yes } = options;
        const version = options.number ?? (await lab.use(curator, 'get_dataset', { datasetId })).dataset.version;
        if (share === true)
          await confirmed(host, { ask: `Let everybody read ${datasetId}, version ${version}, meanwhile?`, yes });
        const model = options.model === undefined ? {} : { modelSha256: await sha256Of(options.model, work) };
        const claim = { title, datasetId, version, metric, claimed, tolerance, method, ...model };
        const asked = await lab.use(curator, 'request_validation', { ...claim, reports, days, shareData: share });
        const { validationId, deadline, reportsWanted } = asked.validation;
        output.answer(asked, () => output.line(validationId));
        if (asked.alreadyAsked) output.note('You had asked for this already: it is the one that is there.');
        output.note(
          `Until ${deadline}, or until ${reportsWanted} agree: npx @labmesh/cli validation show ${validationId}`,
        );
      }),
    );
}

/** Of a file, or as it was given. */
async function sha256Of(model: string, { host }: Work): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(model)) return model;
  const { path } = await localFile(model, host.cwd);
  return await sha256OfFile(path);
}
