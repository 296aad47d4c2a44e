// Jobs as the lab's tools answer them, and their states and figures in words.
import type { JobState, mechanic, ToolOutput } from '@labmesh/contracts';
import { formatBytes } from '../agents/manifest.js';

export type JobPage = ToolOutput<typeof mechanic.tools.list_jobs>;
export type Job = JobPage['jobs'][number];
export type JobInFull = ToolOutput<typeof mechanic.tools.get_job>;
export type Attempt = JobInFull['history'][number];
export type Artifacts = ToolOutput<typeof mechanic.tools.list_artifacts>;
export type Nodes = ToolOutput<typeof mechanic.tools.list_nodes>;
export type Node = Nodes['nodes'][number];

/** In the order in which a job goes through them. */
export const STATES = [
  { state: 'waiting', label: 'waiting', look: 'badge badge-read' },
  { state: 'starting', label: 'starting', look: 'badge badge-write' },
  { state: 'running', label: 'running', look: 'badge badge-here' },
  { state: 'succeeded', label: 'succeeded', look: 'pill pill-good' },
  { state: 'failed', label: 'failed', look: 'pill pill-bad' },
  { state: 'cancelled', label: 'cancelled', look: 'badge badge-read' },
  { state: 'dependency_failed', label: 'not started', look: 'pill pill-bad' },
] as const satisfies ReadonlyArray<{ state: JobState; label: string; look: string }>;

export type Executor = Job['executor'];
export const EXECUTORS = ['process', 'container', 'slurm', 'kubernetes'] as const satisfies readonly Executor[];

export const stateOf = (state: JobState): (typeof STATES)[number] =>
  STATES.find((each) => each.state === state) ?? STATES[0];

export const hasEnded = ({ endedAt }: Pick<Job, 'endedAt'>): boolean => endedAt !== null;

/** "1 h 5 min", "12 s", "0.4 s". */
export function durationText(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} d`;
}

/** From its start to its end, or to now; undefined before it has started. */
export const tookMs = (
  { startedAt, endedAt }: Pick<Job, 'startedAt' | 'endedAt'>,
  nowMs: number,
): number | undefined =>
  startedAt === null ? undefined : (endedAt === null ? nowMs : Date.parse(endedAt)) - Date.parse(startedAt);

const MIB = 1_024 * 1_024;

export const megabytesText = (megabytes: number): string => formatBytes(megabytes * MIB);

/** "2 CPUs, 4.0 GiB, 1 GPU". */
export function resourcesText({ cpus, memoryMb, gpus }: Job['resources']): string {
  const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
  return [counted(cpus, 'CPU'), megabytesText(memoryMb), ...(gpus === 0 ? [] : [counted(gpus, 'GPU')])].join(', ');
}
