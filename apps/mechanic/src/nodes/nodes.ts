// The machines that run jobs: what they have and have free, and whether anything may start there.
import type { Bus } from '@labmesh/bus';
import { AppError, type mechanic, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { type NodeRow, NodeRows, tellJobs } from '@labmesh/jobs';
import { BUS } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { Placing } from '../jobs/placing.js';
import { ToldEnds } from '../jobs/told-ends.repository.js';
import { JobPrices } from './prices.js';

type Tools = typeof mechanic.tools;
type Listed = ToolOutput<Tools['list_nodes']>;

@Injectable()
export class Nodes {
  constructor(
    @Inject(NodeRows) private readonly rows: NodeRows,
    @Inject(JobPrices) private readonly prices: Pick<JobPrices, 'current'>,
    @Inject(Placing) private readonly placing: Pick<Placing, 'soon'>,
    @Inject(ToldEnds) private readonly ends: Pick<ToldEnds, 'poke'>,
    @Inject(BUS) private readonly bus: Pick<Bus, 'broadcast'>,
  ) {}

  async list(): Promise<Listed> {
    const [nodes, prices] = await Promise.all([this.rows.all(), this.prices.current()]);
    return { nodes: nodes.map(describeNode), prices };
  }

  /** @throws AppError not_found */
  async drain(input: ToolInput<Tools['drain_node']>): Promise<ToolOutput<Tools['drain_node']>> {
    const { node, reason = null, end, resume } = input;
    const changed = resume
      ? (await this.rows.resume(node))
        ? []
        : undefined
      : await this.rows.drain(node, reason, end);
    const row = await this.rows.find(node);
    if (changed === undefined || row === undefined)
      throw new AppError(
        'not_found',
        `Cannot ${resume ? 'resume' : 'drain'} ${node}: there is no such node. list_nodes has them.`,
      );
    // Workers look at once what is asked of what they run.
    tellJobs(this.bus, { jobId: '', kind: 'cancel', node });
    this.ends.poke();
    this.placing.soon();
    const state = row.drainedAt === null ? 'ready' : row.running > 0 ? 'draining' : 'drained';
    return { node, state, running: row.running };
  }
}

const stateOf = ({ workers, drainedAt, running }: NodeRow): Listed['nodes'][number]['state'] => {
  if (drainedAt !== null) return running > 0 ? 'draining' : 'drained';
  return workers > 0 ? 'ready' : 'gone';
};

const describeNode = (row: NodeRow): Listed['nodes'][number] => ({
  node: row.id,
  state: stateOf(row),
  reason: row.drainReason,
  cpus: { total: row.cpuMilli / 1_000, free: Math.max(0, row.cpuMilli - row.takenCpuMilli) / 1_000 },
  memoryMb: { total: row.memoryMb, free: Math.max(0, row.memoryMb - row.takenMemoryMb) },
  gpus: { total: row.gpus, free: Math.max(0, row.gpus - row.takenGpus.length) },
  workers: row.workers,
  running: row.running,
  executors: [...row.executors],
  seenAt: row.seenAt.toISOString(),
});
