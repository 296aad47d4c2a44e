// A job’s id, its states and limits, why it ended, and what may run it: words that contracts share.
import { z } from 'zod';

export const JobId = z
  .string()
  .regex(
    /^job_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    'a job id looks like job_ and a UUID',
  )
  .describe('Job id, as orchestrate_training_job answered it');

const UUID7 = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
export const ArrayId = z
  .string()
  .regex(new RegExp(`^arr_${UUID7}$`), 'an array id looks like arr_ and a UUID')
  .describe('Id of a job array');

/** Where all jobs of an array are meant as well. */
export const JobOrArrayId = z
  .string()
  .regex(new RegExp(`^(job|arr)_${UUID7}$`), 'a job id looks like job_ and a UUID, an array’s like arr_ and a UUID')
  .describe('Of a job, or of an array: all its jobs');
export const isArrayId = (id: string): boolean => id.startsWith('arr_');

/** Where a job is. The last four are for good: a job ends once. */
export const JOB_STATES = [
  'waiting',
  'starting',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'dependency_failed',
] as const;
export type JobState = (typeof JOB_STATES)[number];
export const TERMINAL_STATES = [
  'succeeded',
  'failed',
  'cancelled',
  'dependency_failed',
] as const satisfies readonly JobState[];

export const EXECUTORS = ['process', 'container', 'slurm', 'kubernetes'] as const;
export type ExecutorKind = (typeof EXECUTORS)[number];

/** Why an attempt ended, or a job: the one thing that a person wants to know first. */
export const END_REASONS = {
  finished: 'the command ended with exit code 0',
  exit_code: 'the command ended with another exit code than 0',
  signal: 'the command was ended by a signal that the lab did not send',
  wall_time: 'it ran for as long as it was allowed to',
  memory: 'it wanted more memory than it asked for',
  disk: 'its folder grew beyond what it asked for',
  log_size: 'it wrote more log than a job may',
  processes: 'it started more processes than a job may',
  start_failed: 'it could not be started: a missing program, image, file or environment',
  input_failed: 'a working file could not be fetched',
  cancelled: 'somebody cancelled it',
  drained: 'its node was being emptied; it goes on elsewhere',
  worker_lost: 'its worker is gone; it goes on elsewhere',
  dependency_failed: 'a job that it waited for did not succeed',
} as const;
export type EndReason = keyof typeof END_REASONS;
/** Those that are the lab's doing: they cost nothing, and use up none of a job's tries. */
export const LAB_REASONS = ['input_failed', 'drained', 'worker_lost'] as const satisfies readonly EndReason[];

export const JOB_LIMITS = {
  cpus: 1_024,
  memoryMb: 16 * 1024 * 1024,
  gpus: 1_024,
  wallSeconds: 30 * 86_400,
  diskMb: 16 * 1024 * 1024,
  tries: 100,
  files: 1_000,
  after: 100,
  gang: 64,
  array: 1_000,
} as const;

/** In a job's folder the worker's own: never an artefact, never a checkpoint, and no place for a file. */
export const OWN_FOLDERS: ReadonlySet<string> = new Set(['.labmesh', '.tmp']);
/** There before a job's files are. */
export const ARTIFACTS_FOLDER = 'artifacts';

/** Names that the lab sets, or that would change what runs before the command does. */
export const FORBIDDEN_ENVIRONMENT = /^(LABMESH_|LD_|CUDA_VISIBLE_DEVICES$|SLURM_|PATH$|HOME$|IFS$|BASH_ENV$|ENV$)/;
