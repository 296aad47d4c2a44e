// What waits in the queues of all nodes together, for the lab's health. It must never add to one or take from one.
import { AttemptQueues, NodeRows, type QueueCounts } from '@labmesh/jobs';
import { Inject, Injectable } from '@nestjs/common';

/** Attempts that were placed and not taken yet, and those that are being taken. */
export type JobCounts = Pick<QueueCounts, 'waiting' | 'active' | 'failed'>;

@Injectable()
export class JobQueueRepository {
  constructor(
    @Inject(AttemptQueues) private readonly queues: Pick<AttemptQueues, 'kind' | 'counts'>,
    @Inject(NodeRows) private readonly nodes: Pick<NodeRows, 'all'>,
  ) {}

  get kind(): AttemptQueues['kind'] {
    return this.queues.kind;
  }

  /** Asks the backend now; connects first when nothing has yet. @throws AppError unavailable */
  async counts(): Promise<JobCounts> {
    const nodes = await this.nodes.all();
    const { waiting, active, failed } = await this.queues.counts(nodes.map(({ id }) => id));
    return { waiting, active, failed };
  }
}
