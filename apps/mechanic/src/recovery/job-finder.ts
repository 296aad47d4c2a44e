// Troubles of jobs and their nodes. Placing mends most of the first two kinds within seconds; here they are named, and mended where it
// could not, as after a queue was emptied.
import { type Bus, NODE_SUBJECT } from '@labmesh/bus';
import type { RecoveryKind } from '@labmesh/contracts';
import {
  AttemptQueues,
  type Changed,
  endMarked,
  jobMark,
  NodeAnswer,
  type NodeQuestion,
  NodeRows,
  tellJobs,
} from '@labmesh/jobs';
import { BUS } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { GpuHolders, type GpuHolder } from '../health/gpu-holders.js';
import { grouped } from '../health/grouped.js';
import { Placing } from '../jobs/placing.js';
import { JobTroublesRepository } from './job-troubles.repository.js';
import { Restarts } from './restarts.repository.js';
import type { Finder, Trouble } from './trouble.js';

/** A worker takes what is placed within milliseconds. */
const UNTAKEN_SECONDS = 30;
/** So many different jobs failed in a row before they began. */
const FAILING_JOBS = 3;
const ENDING_MS = 5_000;

/** What mending touches beside rows. */
@Injectable()
export class RecoveryHands {
  constructor(
    @Inject(BUS) readonly bus: Pick<Bus, 'broadcast' | 'scatter'>,
    @Inject(Placing) readonly placing: Pick<Placing, 'soon'>,
    @Inject(AttemptQueues) readonly queues: Pick<AttemptQueues, 'add'>,
    @Inject(NodeRows) readonly nodes: Pick<NodeRows, 'all' | 'drain'>,
  ) {}

  /** Others hear of it, and room is looked for. */
  changed(changed: readonly Changed[]): void {
    for (const { jobId } of changed) tellJobs(this.bus, { jobId, kind: 'changed' });
    this.placing.soon();
  }
}

@Injectable()
export class JobFinder implements Finder {
  readonly kinds: readonly RecoveryKind[] = ['requeue_lost', 'redeliver', 'restart_failed', 'free_gpu', 'reroute'];

  constructor(
    @Inject(JobTroublesRepository) private readonly rows: JobTroublesRepository,
    @Inject(Restarts) private readonly restarts: Pick<Restarts, 'restart'>,
    @Inject(GpuHolders) private readonly gpus: Pick<GpuHolders, 'find'>,
    @Inject(RecoveryHands) private readonly hands: RecoveryHands,
  ) {}

  async find(): Promise<Trouble[]> {
    const all = await Promise.all([this.#lost(), this.#untaken(), this.#givenUp(), this.#left(), this.#failing()]);
    return all.flat();
  }

  async #lost(): Promise<Trouble[]> {
    const [lost, stranded] = await Promise.all([this.rows.lost(), this.rows.untaken(UNTAKEN_SECONDS, false)]);
    const mended = (changed: readonly Changed[]): string => {
      this.hands.changed(changed);
      return changed.length === 0
        ? 'It was mended meanwhile.'
        : `The job is ${changed.map(({ state }) => state).join()}.`;
    };
    return [
      ...lost.map((one) => ({
        kind: 'requeue_lost' as const,
        target: jobMark(one),
        why: `The lease of its worker on ${one.node} has been over for ${Math.round(one.seconds)} s.`,
        mend: async () => mended(await this.rows.lose(one)),
      })),
      ...stranded.map((one) => ({
        kind: 'requeue_lost' as const,
        target: jobMark(one),
        why: `It waits on ${one.node} for ${Math.round(one.seconds)} s, and no worker is there.`,
        mend: async () => mended(await this.rows.takeBack(one)),
      })),
    ];
  }

  async #untaken(): Promise<Trouble[]> {
    return (await this.rows.untaken(UNTAKEN_SECONDS, true)).map((one) => ({
      kind: 'redeliver',
      target: jobMark(one),
      why: `No worker on ${one.node} took it within ${Math.round(one.seconds)} s.`,
      mend: async () => {
        if (!(await this.rows.isPlaced(one))) return 'It was taken meanwhile.';
        const { node, jobId, number } = one;
        await this.hands.queues.add(node, { jobId, number }, true);
        tellJobs(this.hands.bus, { jobId, attempt: number, kind: 'placed', node });
        return `It is in the queue of ${node} again.`;
      },
    }));
  }

  async #givenUp(): Promise<Trouble[]> {
    return (await this.rows.givenUp()).map(({ jobId, reason }) => ({
      kind: 'restart_failed',
      target: jobId,
      why: `The lab gave it up: ${reason}.`,
      mend: async () => {
        const again = await this.restarts.restart(jobId);
        if (again === undefined) return 'It was submitted again meanwhile.';
        this.hands.placing.soon();
        return `It is submitted again as ${again}, at no cost.`;
      },
    }));
  }

  async #left(): Promise<Trouble[]> {
    const workers = (await this.hands.nodes.all()).reduce((sum, { workers: alive }) => sum + alive, 0);
    const left = (await this.gpus.find(workers)).filter(({ of }) => of === 'gone');
    return [...grouped(left, ({ node, host }) => node ?? host)].map(([target, all]) => ({
      kind: 'free_gpu',
      target,
      why: `${all.length} processes hold GPU memory for attempts that have ended: ${all.map(({ pid }) => pid).join(', ')}.`,
      mend: () => this.#end(all),
    }));
  }

  async #end(left: readonly GpuHolder[]): Promise<string> {
    const node = left[0]?.node ?? null;
    const attempts = left.flatMap(({ jobId, attempt }) =>
      jobId === null || attempt === null ? [] : [{ jobId, number: attempt }],
    );
    const ended =
      node === null
        ? await endMarked(
            attempts,
            left.map(({ pid }) => pid),
          )
        : await this.#asked({ ask: 'end', node, attempts });
    const still = left.filter(({ pid }) => !ended.includes(pid));
    if (still.length > 0)
      throw new Error(
        `${still.map(({ pid }) => pid).join(', ')} could not be ended: end them on ${node ?? 'this machine'} by hand.`,
      );
    return `${ended.length} processes were ended.`;
  }

  async #asked(question: NodeQuestion): Promise<number[]> {
    const answers = await this.hands.bus.scatter(NODE_SUBJECT, question, {
      headers: {},
      windowMs: ENDING_MS,
      expected: 1,
    });
    return answers.flatMap(({ body }) => NodeAnswer.safeParse(body).data?.ended ?? []);
  }

  async #failing(): Promise<Trouble[]> {
    return (await this.rows.failingNodes(FAILING_JOBS)).map(({ node, failed }) => ({
      kind: 'reroute',
      target: node,
      why: `${failed} attempts failed there before they began their work, and none has succeeded since.`,
      mend: async () => {
        const changed = await this.hands.nodes.drain(
          node,
          'Attempts kept failing here; see the worker’s log, then resume it.',
          false,
        );
        if (changed === undefined) return 'There is no such node any more.';
        tellJobs(this.hands.bus, { jobId: '', kind: 'cancel', node });
        this.hands.changed(changed);
        return 'Nothing starts there any more; mechanic_drain_node with resume takes it into use again.';
      },
    }));
  }
}
