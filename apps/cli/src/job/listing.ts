// `labmesh job ls`: what runs, waits and has ended.
import { EXECUTORS, type ExecutorKind, JOB_STATES, type JobState, mechanic } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { momentOf } from '../arguments/time.js';
import { wholeNumber } from '../dataset/numbers.js';
import { gathered } from '../lab/gathered.js';
import type { Output } from '../output/output.js';
import type { Style } from '../output/table.js';
import { countText, sinceText } from '../output/units.js';
import { addConnectionOptions, type Session } from '../session.js';

type JobPage = z.output<typeof mechanic.tools.list_jobs.output>;
export type Job = JobPage['jobs'][number];

const PAGE_MAX = 100;

interface ListOptions {
  readonly state?: JobState;
  readonly name?: string;
  readonly label?: string;
  readonly owner?: string;
  readonly since?: string;
  readonly executor?: ExecutorKind;
  readonly node?: string;
  readonly array?: string;
  readonly limit: number;
}

export function addList(group: Command, session: Session): void {
  const command = group
    .command('ls')
    .alias('list')
    .description('your jobs, the newest first')
    .addOption(new Option('--state <state>', 'only those that are so').choices(JOB_STATES))
    .option('--name <text>', 'a part of the name')
    .option('--label <name[=value]>', 'only those with this label')
    .option('--owner <wallet>', 'the operator alone may name another’s')
    .option('--since <time>', 'submitted since then, such as 2026-11-21', momentOf)
    .addOption(new Option('--executor <kind>', 'only what it runs').choices(EXECUTORS))
    .option('--node <name>', 'only what runs there, or ran there last')
    .option('--array <id>', 'only the jobs of an array')
    .option('--limit <count>', 'how many', wholeNumber, 20);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli job ls\n  npx @labmesh/cli job ls --state failed --since 2026-11-01\n  npx @labmesh/cli job ls --array arr_… --state failed\n  npx @labmesh/cli job ls --json | jq -r ".jobs[].jobId"',
    )
    .action(({ limit: wanted, state, label, array: arrayId, ...more }: ListOptions) =>
      session.run(command, async ({ lab, output }) => {
        const [labelName = '', value] = label?.split('=', 2) ?? [];
        const { name, owner, since, executor, node } = more;
        const narrowed = {
          ...{ name, owner, since, executor, node },
          ...(arrayId === undefined ? {} : { arrayId }),
          ...(state === undefined ? {} : { state: [state] }),
          ...(label === undefined ? {} : { label: { name: labelName, ...(value === undefined ? {} : { value }) } }),
        };
        let array: JobPage['array'];
        const { rows: jobs, rest } = await gathered({ wanted, most: PAGE_MAX }, async (limit, cursor) => {
          const page = await lab.use(mechanic, 'list_jobs', { ...narrowed, limit, cursor });
          array = page.array;
          return { rows: page.jobs, nextCursor: page.nextCursor };
        });
        output.answer({ jobs, ...(array === undefined ? {} : { array }), ...rest }, () => {
          if (array !== undefined) output.line(`${array.name}, ${arrayText(array)}`);
          showJobs(output, jobs);
        });
        if (rest.nextCursor !== undefined) output.note(`There are more: --limit ${wanted * 2}`);
      }),
    );
}

function showJobs(output: Output, jobs: readonly Job[]): void {
  if (jobs.length === 0) output.note('No job fits. Submit one: npx @labmesh/cli job submit -- python3 train.py');
  else
    output.table(
      ['JOB', 'NAME', 'STATE', 'WHY', 'NODE', 'AGE', 'TOOK', 'COST'],
      jobs.map((job) => [
        { text: job.jobId, style: 'bold' },
        job.array === undefined ? job.name : `${job.name} #${job.array.index}`,
        stateCell(job.state),
        job.reason === null || job.reason === 'finished' ? '' : job.reason,
        job.node ?? '-',
        sinceText(job.submittedAt, Date.now()),
        tookText(job),
        job.cost ?? '-',
      ]),
    );
}

const STYLES: Readonly<Record<JobState, Style>> = {
  waiting: 'dim',
  starting: 'yellow',
  running: 'yellow',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'dim',
  dependency_failed: 'red',
};

export const stateCell = (state: JobState): { text: string; style: Style } => ({ text: state, style: STYLES[state] });

/** "20 runs: 4 running, 16 waiting". */
export const arrayText = ({ count, states }: Pick<NonNullable<JobPage['array']>, 'count' | 'states'>): string =>
  `${countText(count, 'run')}: ${JOB_STATES.flatMap((state) => (states[state] === undefined ? [] : [`${states[state]} ${state}`])).join(', ')}`;

/** From its first start to its end, or to now. */
export const tookText = ({ startedAt, endedAt }: Pick<Job, 'startedAt' | 'endedAt'>): string =>
  sinceText(startedAt, endedAt === null ? Date.now() : Date.parse(endedAt));
