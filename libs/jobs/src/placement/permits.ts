// Whether an executor of a node can hold a job to its limits. A limit that nothing enforces there is refused, never ignored.
import { DISK_MB_USUAL, type JobSpec } from '@labmesh/contracts';
import type { ExecutorReport } from '../executor.js';

/** What of a job's limits an executor has to keep. How many processes it has is none of them: no job asks for so many. */
export interface Needs {
  readonly executor: JobSpec['executor'];
  readonly network: boolean;
  readonly diskMb: number;
}

export const needsOf = (spec: Pick<JobSpec, 'executor' | 'network' | 'resources'>): Needs => ({
  executor: spec.executor,
  network: spec.network,
  diskMb: spec.resources.diskMb,
});

/** The first limit that this executor cannot keep, in words; undefined when it keeps all. */
export function lacking({ kind, enforced }: ExecutorReport, { executor, network, diskMb }: Needs): string | undefined {
  if (kind !== executor) return `it has no executor ${executor}`;
  if (enforced.cpus === 'none') return 'it cannot share its CPUs among jobs';
  if (enforced.memory === 'none') return 'it cannot hold a job to its memory';
  if (!network && enforced.network === 'none')
    return 'it cannot keep a job from the network: say network: true, if it may use it';
  if (diskMb !== DISK_MB_USUAL && enforced.disk === 'none')
    return 'it cannot bound the folder of a job: leave diskMb out';
  return undefined;
}

/** Whether one of a node's executors keeps all of a job's limits. */
export const permits = (executors: readonly ExecutorReport[], needs: Needs): boolean =>
  executors.some((report) => lacking(report, needs) === undefined);
