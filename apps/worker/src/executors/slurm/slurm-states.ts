// What Slurm says of a job, in the lab's words.
import { bySignal, exitStatus } from '../exit-status.js';
import type { EngineEnd } from '../followed-attempt.js';
import { markAt } from './job-marks.js';

/** One job, as scontrol or sacct tells of it. */
export interface SlurmJob {
  readonly id: string;
  readonly name: string;
  /** Empty where accounting alone knows of it. */
  readonly comment: string;
  readonly state: string;
  /** `code:signal` */
  readonly exitCode: string;
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
}

const OVER = new Set([
  'COMPLETED',
  'FAILED',
  'OUT_OF_MEMORY',
  'TIMEOUT',
  'DEADLINE',
  'CANCELLED',
  'NODE_FAIL',
  'BOOT_FAIL',
  'PREEMPTED',
  'REVOKED',
]);
const WAITS = new Set(['PENDING', 'CONFIGURING', 'REQUEUED', 'REQUEUE_HOLD', 'SPECIAL_EXIT', 'RESV_DEL_HOLD']);

export const isOver = (state: string): boolean => OVER.has(state);
export const hasBegun = (state: string): boolean => !WAITS.has(state);

/** How it ended. `ours`: the lab asked for the end. */
export function endOf({ state, exitCode }: Pick<SlurmJob, 'state' | 'exitCode'>, ours: boolean): EngineEnd {
  const plain = { ...status(exitCode), reason: null, message: null };
  switch (state) {
    case 'OUT_OF_MEMORY':
      return { ...bySignal(9), reason: 'memory', message: null };
    case 'TIMEOUT':
    case 'DEADLINE':
      return { ...bySignal(9), reason: 'wall_time', message: 'Slurm ended it at its time limit.' };
    case 'CANCELLED':
      return { ...bySignal(9), reason: null, message: ours ? null : 'Somebody cancelled it at Slurm (scancel).' };
    case 'NODE_FAIL':
    case 'BOOT_FAIL':
    case 'PREEMPTED':
    case 'REVOKED':
      return { ...plain, reason: 'worker_lost', message: `Slurm took its node away (${state}).` };
    default:
      return plain;
  }
}

function status(exitCode: string): Pick<EngineEnd, 'exitCode' | 'signal'> {
  const [code = 0, signal = 0] = exitCode.split(':').map(Number);
  return signal > 0 ? bySignal(signal) : exitStatus(code);
}

/** One of the queue: a job, or a task of an array. */
export interface QueuedJob {
  /** `7`, or `7_0` of a task. */
  readonly id: string;
  readonly state: string;
  readonly mark: string | undefined;
}

export const QUEUE_FORMAT = '%i|%T|%j|%k';

/** `squeue --noheader --array --format=QUEUE_FORMAT` */
export const parseQueue = (text: string): QueuedJob[] =>
  text
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => {
      const [id = '', state = '', name = '', comment = ''] = row.split('|');
      return { id, state, mark: markAt(id, { name, comment }) };
    });

/** `scontrol show job <id> --oneliner`: of a task, what it shows of that one alone. */
export function parseShown(text: string): SlurmJob | undefined {
  const field = (name: string): string | undefined => new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(text)?.[1];
  const [id, state] = [field('JobId'), field('JobState')];
  if (id === undefined || state === undefined) return undefined;
  return {
    id,
    name: field('JobName') ?? '',
    comment: field('Comment') ?? '',
    state,
    exitCode: field('ExitCode') ?? '0:0',
    startedAtMs: time(field('StartTime')),
    endedAtMs: isOver(state) ? time(field('EndTime')) : undefined,
  };
}

/** `sacct --allocations --noheader --parsable2 --format=JobIDRaw,JobName,State,ExitCode,Start,End` */
export function parseAccounted(text: string): SlurmJob | undefined {
  const [id = '', name = '', state = '', exitCode = '', start, end] = (text.trim().split('\n')[0] ?? '').split('|');
  if (id === '') return undefined;
  // CANCELLED by 1000
  const times = { startedAtMs: time(start), endedAtMs: time(end) };
  return { id, name, comment: '', state: state.split(' ')[0] ?? '', exitCode, ...times };
}

/** Slurm's times are of the machine's own zone, and have words where there is none. */
function time(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
