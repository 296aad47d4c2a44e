// `labmesh job get` and `why`: one job with its attempts, and what it waits for.
import { mechanic } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import { showFacts } from '../output/facts.js';
import type { Output } from '../output/output.js';
import { bytesText, countText } from '../output/units.js';
import { addConnectionOptions, type Session } from '../session.js';
import { arrayText, stateCell, tookText } from './listing.js';

type Details = z.output<typeof mechanic.tools.get_job.output>;

export function addGet(group: Command, session: Session): void {
  const command = group.command('get').description('a job with its attempts').argument('<job>', 'its id, as ls has it');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli job get job_…\n  npx @labmesh/cli job get job_… --json | jq .history',
    )
    .action((jobId: string) =>
      session.run(command, async ({ lab, output }) => {
        const job = await lab.use(mechanic, 'get_job', { jobId });
        output.answer(job, () => showJob(output, job));
      }),
    );
}

function showJob(output: Output, job: Details): void {
  const state = stateCell(job.state);
  output.line(
    `${output.style('bold', job.name)}  ${output.style(state.style, job.state)}  ${output.style('dim', job.jobId)}`,
  );
  if (job.message !== null) output.line(output.style(state.style, job.message));
  output.line();
  showFacts(output, [
    [
      'runs',
      job.command?.join(' ') ??
        (job.script === null ? null : `a script of ${countText(job.script.split('\n').length, 'line')}`),
    ],
    [
      'array',
      job.array === undefined ? null : `number ${job.array.index} of ${job.array.arrayId}, ${arrayText(job.array)}`,
    ],
    ['executor', job.image === null ? job.executor : `${job.executor}, ${job.image}`],
    ['resources', resourcesText(job.resources)],
    [
      'files',
      job.files.length === 0 ? null : job.files.map(({ path, bytes }) => `${path} (${bytesText(bytes)})`).join(', '),
    ],
    ['packages', job.requirements.length === 0 ? null : job.requirements.join(', ')],
    ['variables', job.environment.length === 0 ? null : job.environment.join(', ')],
    [
      'waits for',
      job.after.length === 0 ? null : job.after.map(({ jobId, on, state: of }) => `${jobId} (${on}, ${of})`).join(', '),
    ],
    [
      'labels',
      Object.entries(job.labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(', ') || null,
    ],
    ['submitted', job.submittedAt],
    ['took', job.startedAt === null ? null : tookText(job)],
    ['cost', job.cost === null ? `at most ${job.held} $webxos` : `${job.cost} $webxos`],
    ['owner', job.owner],
  ]);
  if (job.history.length === 0) return;
  output.line();
  output.table(
    ['ATTEMPT', 'NODE', 'OUTCOME', 'WHY', 'EXIT', 'TOOK', 'CPU', 'MEMORY'],
    job.history.map((attempt) => [
      attempt.attempt,
      attempt.node,
      attempt.outcome ?? attempt.state,
      attempt.message ?? attempt.reason ?? '',
      attempt.exitCode === null ? (attempt.signal ?? '') : String(attempt.exitCode),
      tookText(attempt),
      `${attempt.cpuSeconds.toFixed(1)} s`,
      bytesText(attempt.memoryPeakBytes),
    ]),
  );
}

const resourcesText = ({ cpus, memoryMb, gpus, wallSeconds }: Details['resources']): string =>
  `${countText(cpus, 'CPU')}, ${bytesText(memoryMb * 1_024 * 1_024)}${gpus === 0 ? '' : `, ${countText(gpus, 'GPU')}`}, ${wallSeconds} s an attempt`;

export function addWhy(group: Command, session: Session): void {
  const command = group
    .command('why')
    .description('the one thing that a waiting job lacks')
    .argument('<job>', 'its id, as ls has it');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli job why job_…')
    .action((jobId: string) =>
      session.run(command, async ({ lab, output }) => {
        const why = await lab.use(mechanic, 'why_pending', { jobId });
        output.answer(why, () => output.line(why.readyAt === null ? why.message : `${why.message} (${why.readyAt})`));
      }),
    );
}
