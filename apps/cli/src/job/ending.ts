// `labmesh job cancel` and `retry`.
import { mechanic } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import { secondsOf } from '../arguments/duration.js';
import { confirmed } from '../output/confirmed.js';
import { addConnectionOptions, type Session } from '../session.js';
import { arrayText, type Job } from './listing.js';

type Ended = NonNullable<z.output<typeof mechanic.tools.cancel_job.output>['array']>;

export function addCancel(group: Command, session: Session): void {
  const command = group
    .command('cancel')
    .description('end jobs; at a terminal you are asked first')
    .argument('<jobs...>', 'their ids, as ls has them; an array’s ends all its jobs')
    .option('--grace <time>', 'between SIGTERM and SIGKILL, such as 10s; 0 kills at once')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli job cancel job_…\n  npx @labmesh/cli job cancel job_… --grace 2m --yes\n  npx @labmesh/cli job cancel arr_…',
    )
    .action((jobIds: string[], { grace, yes }: { grace?: string; yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: `End ${jobIds.length === 1 ? jobIds[0] : `${jobIds.length} jobs`}?`, yes });
        const graceSeconds = grace === undefined ? undefined : secondsOf(grace);
        const jobs: Job[] = [];
        const arrays: Ended[] = [];
        for (const jobId of jobIds) {
          const { job, array } = await lab.use(mechanic, 'cancel_job', { jobId, graceSeconds });
          if (job !== null) jobs.push(job);
          if (array !== undefined) arrays.push(array);
        }
        output.answer({ jobs, arrays }, () => {
          for (const array of arrays) output.line(`${array.arrayId}  ${arrayText(array)}`);
          for (const { jobId, state } of jobs)
            output.line(`${jobId}  ${state === 'running' || state === 'starting' ? 'is being ended' : state}`);
        });
      }),
    );
}

export function addRetry(group: Command, session: Session): void {
  const command = group
    .command('retry')
    .description('submit a job that has ended once more, as a new one')
    .argument('<job>', 'its id, as ls has it')
    .option('--fresh', 'without the checkpoints that it left')
    .option('--submission-id <id>', 'the same again is the same job');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli job retry job_…')
    .action((jobId: string, { fresh, submissionId }: { fresh?: boolean; submissionId?: string }) =>
      session.run(command, async ({ lab, output }) => {
        const again = await lab.use(mechanic, 'retry_job', { jobId, checkpoints: fresh !== true, submissionId });
        output.answer(again, () => output.line(again.job.jobId));
        output.note(`Follow it: npx @labmesh/cli job logs -f ${again.job.jobId}`);
      }),
    );
}
