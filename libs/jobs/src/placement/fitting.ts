// Where jobs fit that begin together: all of them or none. The node that has the least left afterwards is taken, so that large jobs
// find whole nodes, and jobs without GPUs leave nodes with GPUs alone.
import type { ExecutorReport } from '../executor.js';
import type { NodeSize } from '../rows/nodes.repository.js';
import { type Needs, permits } from './permits.js';
import type { WaitingJob } from './waiting-job.js';

/** What is free on a node, and what it has. */
export interface Room {
  readonly node: string;
  readonly cpuMilli: number;
  readonly memoryMb: number;
  /** Indexes of those that are free. */
  readonly gpus: readonly number[];
  readonly executors: readonly ExecutorReport[];
  readonly total: { readonly cpuMilli: number; readonly memoryMb: number; readonly gpus: number };
}

/** What a job takes of a node, and needs of its executor. */
export type Load = Needs & Pick<WaitingJob, 'cpuMilli' | 'memoryMb' | 'gpus'>;

/** A node as if nothing ran there. */
export const emptyRoom = ({ id, cpuMilli, memoryMb, gpus, executors }: NodeSize): Room => ({
  ...{ node: id, cpuMilli, memoryMb, executors },
  gpus: Array.from({ length: gpus }, (_, index) => index),
  total: { cpuMilli, memoryMb, gpus },
});

export interface Fitted<Job extends Load = WaitingJob> {
  readonly places: ReadonlyArray<{ readonly job: Job; readonly node: string; readonly gpus: readonly number[] }>;
  /** Of the nodes that were taken: what is free afterwards. */
  readonly rooms: ReadonlyMap<string, Room>;
}

/** `first`: the first node that will do, in the order given. */
export function fit<Job extends Load = WaitingJob>(
  jobs: readonly Job[],
  rooms: readonly Room[],
  by: 'least' | 'first' = 'least',
): Fitted<Job> | undefined {
  const left = new Map<string, Room>();
  const places: Array<Fitted<Job>['places'][number]> = [];
  const largestFirst = jobs.toSorted((a, b) => b.gpus - a.gpus || b.cpuMilli - a.cpuMilli || b.memoryMb - a.memoryMb);
  for (const job of largestFirst) {
    const can = rooms.map((room) => left.get(room.node) ?? room).filter((room) => holds(room, job));
    const [room] = by === 'first' ? can : can.toSorted(leastLeft);
    if (room === undefined) return undefined;
    const gpus = room.gpus.slice(0, job.gpus);
    places.push({ job, node: room.node, gpus });
    left.set(room.node, {
      ...room,
      cpuMilli: room.cpuMilli - job.cpuMilli,
      memoryMb: room.memoryMb - job.memoryMb,
      gpus: room.gpus.slice(job.gpus),
    });
  }
  return { places, rooms: left };
}

const holds = (room: Room, job: Load): boolean =>
  room.cpuMilli >= job.cpuMilli &&
  room.memoryMb >= job.memoryMb &&
  room.gpus.length >= job.gpus &&
  permits(room.executors, job);

const leastLeft = (a: Room, b: Room): number =>
  a.gpus.length - b.gpus.length || a.cpuMilli - b.cpuMilli || a.memoryMb - b.memoryMb || a.node.localeCompare(b.node);
