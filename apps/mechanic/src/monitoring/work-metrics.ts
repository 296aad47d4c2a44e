// Jobs, nodes and what is left on GPUs, at /metrics of the Mechanic. They are read when a scraper asks, once for all of them; an idle
// lab that nobody scrapes does nothing here.
import { METRICS, type Metrics } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { GpuHolders } from '../health/gpu-holders.js';
import { JobFiguresRepository } from '../health/job-figures.repository.js';

/** Figures of one scrape are of one look; several scrapers share it. */
const SHARED_MS = 2_000;
/** Asking every machine for its GPUs costs each a process. */
const GPUS_MS = 60_000;
const NODE_STATES = ['ready', 'draining', 'drained', 'gone'] as const;

@Injectable()
export class WorkMetrics {
  constructor(
    @Inject(METRICS) { readings }: Pick<Metrics, 'readings'>,
    @Inject(JobFiguresRepository) figures: Pick<JobFiguresRepository, 'jobs' | 'nodes'>,
    @Inject(GpuHolders) gpus: Pick<GpuHolders, 'find'>,
  ) {
    const jobs = shared(SHARED_MS, () => figures.jobs());
    const nodes = shared(SHARED_MS, () => figures.nodes());
    const left = shared(GPUS_MS, async () => {
      const alive = (await nodes()).reduce((sum, { workers }) => sum + workers.length, 0);
      return (await gpus.find(alive)).filter(({ of }) => of === 'gone').length;
    });
    for (const state of ['waiting', 'starting', 'running'] as const)
      readings.add('jobs', async () => (await jobs())[state], { state });
    readings.add('oldestJob', async () => (await jobs()).oldestWaitingSeconds ?? 0);
    for (const state of NODE_STATES)
      readings.add('nodes', async () => (await nodes()).filter((node) => node.state === state).length, { state });
    readings.add('gpuLeft', left);
  }
}

/** The same answer for a while; what failed is asked again. */
function shared<T>(forMs: number, ask: () => Promise<T>): () => Promise<T> {
  let known: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (known !== undefined && now - known.at < forMs) return known.answer;
    const answer = ask();
    const asked = { at: now, answer };
    known = asked;
    answer.catch(() => {
      if (known === asked) known = undefined;
    });
    return answer;
  };
}
