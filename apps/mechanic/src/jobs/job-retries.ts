// Tries an ended job again, as a new one: the same spec and files, and the checkpoints that it left.
import { AppError, type Call, type mechanic, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { JobRows, ofArrayOf } from '@labmesh/jobs';
import { Inject, Injectable } from '@nestjs/common';
import { describeJob } from './describe-job.js';
import { JobInheritance } from './job-inheritance.repository.js';
import { JobSubmissions } from './job-submissions.js';
import { isTheirs, noJob } from './ownership.js';
import { specHash } from './spec-hash.js';

type Retry = (typeof mechanic.tools)['retry_job'];

@Injectable()
export class JobRetries {
  constructor(
    @Inject(JobRows) private readonly jobs: JobRows,
    @Inject(JobInheritance) private readonly inheritance: JobInheritance,
    @Inject(JobSubmissions) private readonly submissions: JobSubmissions,
  ) {}

  /** Asked again it answers the same new job. @throws AppError not_found, conflict, and as a submission */
  async retry(input: ToolInput<Retry>, call: Call): Promise<ToolOutput<Retry>> {
    const { jobId, checkpoints, submissionId = `retry.${jobId}` } = input;
    const whole = await this.jobs.whole(jobId);
    if (whole === undefined || !isTheirs(whole.job.owner, call.principal)) throw noJob(jobId);
    const { job, after } = whole;
    if (job.endedAt === null)
      throw new AppError(
        'conflict',
        `Cannot try ${jobId} again: it is ${job.state}. Cancel it first, or wait for its end.`,
      );
    if (job.state === 'succeeded')
      throw new AppError(
        'conflict',
        `Cannot try ${jobId} again: it succeeded. Submit it anew if it is to run once more.`,
      );
    const failed = after.find(({ on, state }) => on === 'success' && FAILED.has(state));
    if (failed !== undefined)
      throw new AppError(
        'conflict',
        `Cannot try ${jobId} again: ${failed.jobId}, which it runs after, ended as ${failed.state}. Submit both anew.`,
      );
    // What has ended needs no more waiting for; a gang of one that goes on would wait for ever.
    const open = after.filter(({ state }) => !ENDED.has(state)).map(({ jobId: id, on }) => ({ jobId: id, on }));
    const { gang: _, ...rest } = job.spec;
    const spec = { ...rest, after: open };
    const hash = specHash({ retryOf: jobId, checkpoints });
    const before = await this.jobs.submitted(call.principal.walletId, submissionId);
    const { prices } = await this.submissions.check(spec, call, before === undefined ? 1 : 0);
    const inherited = await this.inheritance.of(jobId);
    const { row, alreadySubmitted } = await this.submissions.write(
      {
        spec,
        specHash: hash,
        submissionId,
        prices,
        files: inherited.files,
        checkpoints: checkpoints ? inherited.checkpoints : [],
        ofArray: ofArrayOf(job),
      },
      call,
    );
    return { job: describeJob(row), alreadySubmitted };
  }
}

const FAILED: ReadonlySet<string> = new Set(['failed', 'cancelled', 'dependency_failed']);
const ENDED: ReadonlySet<string> = new Set([...FAILED, 'succeeded']);
