// `labmesh job submit`: a command or script becomes a job of the lab's.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError, EXECUTORS, type ExecutorKind, mechanic } from '@labmesh/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { secondsOf } from '../arguments/duration.js';
import { megabytesOf } from '../arguments/size.js';
import { jsonObjectIn, localFile } from '../dataset/local-file.js';
import { wholeNumber } from '../dataset/numbers.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { followed } from './following.js';
import { datasetFiles, localFiles } from './job-files.js';
import { parametersIn } from './parameters.js';

type Submission = z.input<typeof mechanic.tools.orchestrate_training_job.input>;
type Submitted = z.output<typeof mechanic.tools.orchestrate_training_job.output>;

const HELP = `
What stands after -- is the command, without a shell. With --script the words are the script's arguments. --spec takes all of it
from a JSON file; options come on top. -f follows the log and ends as the job ends: exit code 0 when it succeeded.

Examples:
  npx @labmesh/cli job submit -f -- python3 -c "print(6 * 7)"
  npx @labmesh/cli job submit --file train.py --dataset ds_…=data/flares.csv --requirement torch==2.13.0 \\
    --cpus 2 --memory 4G --wall 2h --checkpoints checkpoints -- python train.py --epochs 20
  npx @labmesh/cli job submit --script sweep.sh --executor slurm --gpus 1 -- 0.01
  npx @labmesh/cli job submit --dry-run --gpus 2 -- nvidia-smi
  npx @labmesh/cli job submit --array 20 --parallel 4 -- sh -c 'python3 train.py --seed $LABMESH_ARRAY_INDEX'
  npx @labmesh/cli job submit --parameters rates.csv -- sh -c 'python3 train.py --rate $RATE'
  JOB=$(npx @labmesh/cli job submit --json -- make test | jq -r .job.jobId)`;

interface SubmitOptions {
  readonly spec?: string;
  readonly name?: string;
  readonly script?: string;
  readonly file?: readonly string[];
  readonly dataset?: readonly string[];
  readonly env?: readonly string[];
  readonly requirement?: readonly string[];
  readonly executor?: ExecutorKind;
  readonly image?: string;
  readonly network?: boolean;
  readonly cpus?: number;
  readonly memory?: number;
  readonly gpus?: number;
  readonly wall?: string;
  readonly disk?: number;
  readonly priority?: number;
  readonly tries?: number;
  readonly checkpoints?: string;
  readonly artifacts?: readonly string[];
  readonly label?: readonly string[];
  readonly after?: readonly string[];
  readonly array?: number;
  readonly parallel?: number;
  readonly parameters?: string;
  readonly submissionId?: string;
  readonly dryRun?: boolean;
  readonly follow?: boolean;
}

const each = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

export function addSubmit(group: Command, session: Session): void {
  const command = group
    .command('submit')
    .description('run a command or a script on the lab’s machines')
    .argument('[words...]', 'after --: the command, or the arguments of --script')
    .option('--spec <file>', 'a job as JSON, as the tool orchestrate_training_job takes it')
    .option('--name <text>', 'its name; the command’s when left out')
    .option('--script <file>', 'the text of a script instead of a command')
    .option('--file <file[=path]>', 'a file to bring, and where it goes in the job’s folder', each)
    .option('--dataset <id[@version]=path>', 'a dataset to bring, in the format that the path’s ending names', each)
    .option('--env <name=value>', 'a variable of its environment', each)
    .option(
      '--requirement <package>',
      'a Python package, such as torch==2.13.0: it runs in an environment that has it',
      each,
    )
    .addOption(new Option('--executor <kind>', 'what runs it').choices(EXECUTORS))
    .option('--image <name>', 'container image')
    .option('--network', 'it may use the network')
    .option('--cpus <number>', 'such as 2 or 0.5', cpusOf)
    .option('--memory <size>', 'such as 512M or 4G', megabytesOf)
    .option('--gpus <count>', 'how many', wholeNumber)
    .option('--wall <time>', 'how long an attempt may take, such as 90s, 15m, 12h')
    .option('--disk <size>', 'how large its folder may get, such as 20G', megabytesOf)
    .option('--priority <number>', 'among your own jobs, -10 to 10', signedNumber)
    .option('--tries <count>', 'attempts that may fail', wholeNumber)
    .option('--checkpoints <folder>', 'what the next attempt finds again')
    .option('--artifacts <glob>', 'files to keep; artifacts/** when left out', each)
    .option('--label <name=value>', 'to find it by', each)
    .option('--after <job[:end]>', 'start when that job, or array, has succeeded; with :end when it has ended', each)
    .option('--array <count>', 'so many runs of it, that differ by LABMESH_ARRAY_INDEX, from 0', wholeNumber)
    .option('--parallel <count>', 'of an array: at most so many at once', wholeNumber)
    .option('--parameters <file>', 'an array with a run for each row of a CSV, or object of a JSON list: its variables')
    .option('--submission-id <id>', 'the same again is the same job')
    .option('--dry-run', 'say where and when it would run and what it would cost')
    .option('-f, --follow', 'follow its log to its end');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((words: string[], options: SubmitOptions) =>
      session.run(command, async (work) => {
        const submitted = await work.lab.use(
          mechanic,
          'orchestrate_training_job',
          await submission(work, words, options),
        );
        if (submitted.job === null || options.follow !== true) return show(work, submitted);
        work.output.note(`${submitted.job.jobId}  ${submitted.job.name}`);
        await followed(work, { jobId: submitted.job.jobId, follow: true });
      }),
    );
}

function cpusOf(text: string): number {
  if (/^\d{1,4}(\.\d{1,3})?$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('It must be a number of CPUs, such as 2 or 0.5.');
}

function signedNumber(text: string): number {
  if (/^-?\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

/** What is said on the command line, over what a file says. @throws AppError invalid_input */
async function submission(work: Work, words: readonly string[], options: SubmitOptions): Promise<Submission> {
  const { cwd } = work.host;
  if (options.follow === true && (options.array !== undefined || options.parameters !== undefined))
    throw new AppError('invalid_input', 'Cannot follow an array: submit it without -f, and follow one of its jobs.');
  const spec = (options.spec === undefined ? {} : await jsonObjectIn(options.spec, cwd)) as Partial<Submission>;
  const script =
    options.script === undefined ? undefined : await readFile((await localFile(options.script, cwd)).path, 'utf8');
  const what =
    script !== undefined ? { script, arguments: [...words] } : words.length > 0 ? { command: [...words] } : {};
  if (spec.command === undefined && spec.script === undefined && Object.keys(what).length === 0)
    throw new AppError(
      'invalid_input',
      'Cannot submit nothing: say what to run after --, such as: job submit -- python3 train.py',
    );
  const files = [
    ...(spec.files ?? []),
    ...datasetFiles(options.dataset ?? []),
    ...(await localFiles(work, options.file ?? [])),
  ];
  return {
    ...spec,
    ...what,
    name: options.name ?? spec.name ?? nameOf(options.script ?? words.join(' ')),
    files,
    ...given({
      executor: options.executor,
      image: options.image,
      network: options.network,
      priority: options.priority,
      tries: options.tries,
      checkpoints: options.checkpoints,
      artifacts: options.artifacts,
      requirements: options.requirement,
      submissionId: options.submissionId,
      dryRun: options.dryRun,
    }),
    environment: { ...spec.environment, ...pairs(options.env, '--env') },
    labels: { ...spec.labels, ...pairs(options.label, '--label') },
    after: [...(spec.after ?? []), ...(options.after ?? []).map(dependency)],
    ...(await arrayIn(work, spec, options)),
    resources: {
      ...spec.resources,
      ...given({
        cpus: options.cpus,
        memoryMb: options.memory,
        gpus: options.gpus,
        diskMb: options.disk,
        wallSeconds: options.wall === undefined ? undefined : secondsOf(options.wall),
      }),
    },
  } as Submission;
}

async function arrayIn(
  { host: { cwd } }: Work,
  spec: Partial<Submission>,
  { array: count, parallel, parameters }: SubmitOptions,
): Promise<Pick<Submission, 'array'>> {
  const rows = parameters === undefined ? undefined : await parametersIn(parameters, cwd);
  const said = given({ count, parallel, parameters: rows });
  if (spec.array === undefined && Object.keys(said).length === 0) return {};
  return { array: { ...spec.array, ...said } };
}

const given = (said: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));

function pairs(said: readonly string[] = [], option: string): Record<string, string> {
  return Object.fromEntries(
    said.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new AppError('invalid_input', `Cannot read ${option} "${pair}": give name=value`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function dependency(text: string): { jobId: string; on: 'success' | 'end' } {
  const [jobId = '', on = 'success'] = text.split(':', 2);
  if (on !== 'success' && on !== 'end')
    throw new AppError('invalid_input', `Cannot read --after "${text}": give a job's id, or job_…:end`);
  return { jobId, on };
}

/** A name that says what runs, of what was typed. */
const nameOf = (text: string): string =>
  basename(text.split(' ')[0] ?? '')
    .concat(text.includes(' ') ? text.slice(text.indexOf(' ')) : '')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, 100)
    .trim() || 'job';

function show({ output }: Work, submitted: Submitted): void {
  const { job, array, plan, alreadySubmitted } = submitted;
  output.answer(submitted, () => {
    if (job !== null) output.line(job.jobId);
    if (array !== undefined) output.line(array.arrayId);
    if (plan === null) return;
    const when = plan.missing !== null ? `It would wait: ${plan.missing}` : `It would start now on ${plan.node}.`;
    output.line(when);
    if (plan.startsAfterSeconds !== null && plan.startsAfterSeconds > 0)
      output.line(`In about ${Math.ceil(plan.startsAfterSeconds)} s, by the limits of what runs.`);
    output.line(`It would cost at most ${plan.cost} $webxos, ${plan.costPerHour} an hour.`);
  });
  if (array !== undefined) {
    if (alreadySubmitted) output.note('It was submitted before; this is that array.');
    output.note(`${array.count} jobs. See them: npx @labmesh/cli job ls --array ${array.arrayId}`);
  }
  if (job === null) return;
  if (alreadySubmitted) output.note('It was submitted before; this is that job.');
  output.note(`Follow it: npx @labmesh/cli job logs -f ${job.jobId}`);
}
