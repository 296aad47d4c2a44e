// How an attempt ended, in the words of its row: what its process said, and what the lab had asked of it before.
import type { EndReason } from '@labmesh/contracts';
import type { AttemptEnd, EndOfAttempt, Usage } from '@labmesh/jobs';

/** Why the lab ends it, and how long it may go on after SIGTERM. */
export interface Stop {
  readonly reason: Extract<EndReason, 'cancelled' | 'drained' | 'wall_time' | 'disk'>;
  readonly graceMs: number;
}

type Ending = Omit<EndOfAttempt, 'jobId' | 'number' | 'workerId'>;

/** @param end undefined when it never began */
export function outcomeOf(end: AttemptEnd | undefined, stop: Stop | undefined): Ending {
  const { exitCode = null, signal = null, usage } = end ?? {};
  const told = { exitCode, signal, ...(usage === undefined ? {} : { usage: counted(usage) }) };
  if (stop?.reason === 'cancelled') return { ...told, outcome: 'cancelled', reason: 'cancelled' };
  if (stop?.reason === 'drained')
    return { ...told, outcome: 'lost', reason: 'drained', message: 'Its node was emptied.' };
  if (stop !== undefined) return { ...told, outcome: 'failed', reason: stop.reason, message: MESSAGES[stop.reason] };
  if (end === undefined) return { outcome: 'lost', reason: 'worker_lost' };
  if (end.reason === 'worker_lost') return { ...told, outcome: 'lost', reason: 'worker_lost', message: end.message };
  if (end.reason !== null) return { ...told, outcome: 'failed', reason: end.reason, message: end.message };
  if (exitCode === 0) return { ...told, outcome: 'succeeded', reason: 'finished' };
  if (signal !== null)
    return {
      ...told,
      outcome: 'failed',
      reason: 'signal',
      message: `It was ended by ${signal}, which the lab didn’t send.`,
    };
  return {
    ...told,
    outcome: 'failed',
    reason: 'exit_code',
    message: `It ended with exit code ${exitCode}: its log may say why.`,
  };
}

const MESSAGES = {
  wall_time: 'It ran for as long as it was allowed to. Ask for more with resources.wallSeconds, or keep checkpoints.',
  disk: 'Its folder grew beyond what it asked for. Ask for more with resources.diskMb.',
} as const;

/** What an engine counted wrong tells nothing: a figure that no row can hold would keep the end from being told for ever. */
const counted = ({ cpuMs, gpuMs, memoryBytes, memoryPeakBytes }: Usage): Usage => ({
  cpuMs: figure(cpuMs),
  gpuMs: figure(gpuMs),
  memoryBytes: figure(memoryBytes),
  memoryPeakBytes: figure(memoryPeakBytes),
});

const figure = (value: number): number => (value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : 0);
