// Which processes hold GPU memory, on every machine that runs jobs and on this one, and what they are to the lab: a job's that runs,
// one that an ended attempt left behind, or somebody else's.
import { hostname } from 'node:os';
import { type Bus, NODE_SUBJECT } from '@labmesh/bus';
import { type GpuProcess, gpuProcesses, jobMark, NodeAnswer, type NodeQuestion } from '@labmesh/jobs';
import { BUS, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { JobFiguresRepository } from './job-figures.repository.js';
import type { SystemHealth } from './measurements.js';

export type GpuHolder = SystemHealth['gpuProcesses'][number];
type Found = GpuProcess & { readonly host: string; readonly node: string | null };

/** nvidia-smi takes its time where a driver wakes up. */
const WINDOW_MS = 1_500;

@Injectable()
export class GpuHolders {
  constructor(
    @Inject(BUS) private readonly bus: Pick<Bus, 'scatter'>,
    @Inject(JobFiguresRepository) private readonly figures: Pick<JobFiguresRepository, 'ended'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** Never rejects; machines that do not answer are left out. `here`: also what is on this machine, where no worker runs. */
  async find(nodes: number, here = true): Promise<GpuHolder[]> {
    const [told, own] = await Promise.all([
      nodes === 0 ? [] : this.#told(nodes),
      here ? gpuProcesses().catch(() => []) : [],
    ]);
    const all: Found[] = [...told, ...own.map((one) => ({ ...one, host: hostname(), node: null }))];
    const each = [
      ...new Map(all.reverse().map((one) => [`${one.host} ${one.pid} ${one.gpu}`, one])).values(),
    ].reverse();
    const marked = each.flatMap(({ attempt }) => attempt ?? []);
    const known = await this.figures.ended(marked).catch(() => []);
    const ended = new Map(known.map((one) => [jobMark(one), one.ended]));
    return each.map(({ attempt, ...process }) => {
      const is = attempt === null ? undefined : ended.get(jobMark(attempt));
      const of = is === undefined ? 'other' : is ? 'gone' : 'job';
      return { ...process, jobId: attempt?.jobId ?? null, attempt: attempt?.number ?? null, of };
    });
  }

  async #told(nodes: number): Promise<Found[]> {
    const question: NodeQuestion = { ask: 'gpu' };
    try {
      const answers = await this.bus.scatter(NODE_SUBJECT, question, {
        headers: {},
        windowMs: WINDOW_MS,
        expected: nodes,
      });
      return answers.flatMap(({ body }) => {
        const { data } = NodeAnswer.safeParse(body);
        return (data?.gpuProcesses ?? []).map((one) => ({ ...one, host: data?.host ?? '', node: data?.node ?? null }));
      });
    } catch (error) {
      this.log.warn({ err: error }, 'the nodes could not be asked for their GPUs');
      return [];
    }
  }
}
