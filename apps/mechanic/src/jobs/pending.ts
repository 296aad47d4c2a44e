// Why a job does not start: the one thing that it lacks now, found by choosing as the placement does.
import type { Call, mechanic, ToolOutput } from '@labmesh/contracts';
import { emptyRoom, fit, type JobRow, JobRows, type Load, type Missing, NodeRows, Placement } from '@labmesh/jobs';
import { Inject, Injectable } from '@nestjs/common';
import { loadOf } from './job-checks.js';
import { isTheirs, noJob } from './ownership.js';

type Why = ToolOutput<(typeof mechanic.tools)['why_pending']>;

const WORDS: Readonly<Record<Missing, string>> = {
  gang: 'Other jobs of its gang are not there yet, or may not begin yet. Submit them, or look what they wait for.',
  quota: 'Its wallet runs as much as its role may. It begins when one of them ends.',
  share: 'Others who have used less of the lab lately go first. It begins when they have begun and there is room.',
  cpus: 'No node that can run it has as many CPUs free. It begins when something there ends.',
  memory: 'No node that can run it has as much memory free. It begins when something there ends.',
  gpus: 'No node that can run it has as many GPUs free. It begins when something there ends.',
  node: 'No node that is ready is large enough, or no worker is there. list_nodes shows them.',
  executor: 'No node that is ready has its executor with the limits that it needs. list_nodes shows them.',
  reservation: 'The node with room is kept for a larger job that has waited long. It begins when that has begun.',
};

/** What a job lacks, and in words; where no node is left, those that would do and are being emptied are named. */
export async function lackOf(
  missing: Missing,
  load: Load,
  nodes: Pick<NodeRows, 'all'>,
): Promise<Pick<Why, 'missing' | 'message'>> {
  const isNowhere = missing === 'node' || missing === 'executor';
  const drained = (isNowhere ? await nodes.all() : []).filter(
    (node) => node.drainedAt !== null && node.workers > 0 && fit([load], [emptyRoom(node)]) !== undefined,
  );
  if (drained.length === 0) return { missing, message: WORDS[missing] };
  const names = drained.map(({ id }) => id).join(', ');
  return {
    missing: 'drained',
    message: `Of the nodes that would do these are being emptied, and take nothing new: ${names}. It begins when drain_node with resume takes one into use again.`,
  };
}

@Injectable()
export class Pending {
  constructor(
    @Inject(JobRows) private readonly jobs: JobRows,
    @Inject(Placement) private readonly placement: Placement,
    @Inject(NodeRows) private readonly nodes: NodeRows,
  ) {}

  async why({ jobId }: { readonly jobId: string }, { principal }: Call): Promise<Why> {
    const job = await this.jobs.find(jobId);
    if (job === undefined || !isTheirs(job.owner, principal)) throw noJob(jobId);
    const { missing, message, readyAt = null } = await this.#lacks(job);
    return { jobId, state: job.state, missing, message, readyAt: readyAt?.toISOString() ?? null };
  }

  async #lacks(job: JobRow): Promise<Pick<Why, 'missing' | 'message'> & { readonly readyAt?: Date }> {
    if (job.endedAt !== null) return { missing: 'nothing', message: `It has ended: ${job.state}.` };
    if (job.state !== 'waiting')
      return { missing: 'nothing', message: `It has begun on ${job.node ?? 'a node'} and is ${job.state}.` };
    if (job.unmet > 0) {
      const open = (await this.jobs.whole(job.id))?.after.find(({ state }) => !ENDED.has(state));
      if (open === undefined && job.arrayWaits)
        return {
          missing: 'array',
          message: 'Of its array as many jobs as may have their turn. It begins when one of them ends.',
        };
      const on = open === undefined ? 'another job' : `${open.jobId}, which is ${open.state}`;
      return { missing: 'dependency', message: `It runs after ${on}. cancel_job ends it if that never will.` };
    }
    if (job.readyAt.getTime() > Date.now())
      return { missing: 'retry', message: 'It failed and waits before its next try.', readyAt: job.readyAt };
    const { placings, missing } = await this.placement.look();
    if (placings.some(({ jobId }) => jobId === job.id))
      return { missing: 'nothing', message: 'There is room for it: it begins now.' };
    return lackOf(missing.get(job.id) ?? 'share', loadOf(job.spec), this.nodes);
  }
}

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled', 'dependency_failed']);
