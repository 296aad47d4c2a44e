// Under which marks Slurm's jobs are found again: one that is alone by its name and comment, the tasks of an array by its comment,
// which says whose each of them is. Nothing but the queue's own answer is needed to read it.
import { jobMark } from '@labmesh/jobs';

type Marked = Parameters<typeof jobMark>[0];

/** Slurm takes no longer comment. */
export const COMMENT_BYTES_MAX = 1_024;

const TASKS = 'labmesh:';
const BETWEEN = ',';

/** Of an array's job: its tasks in their order. */
export const commentOf = (attempts: readonly Marked[]): string => TASKS + attempts.map(packed).join(BETWEEN);

/** What one more of an array takes of its comment. */
export const markBytes = (attempt: Marked): number => packed(attempt).length + BETWEEN.length;

export const COMMENT_ROOM = COMMENT_BYTES_MAX - TASKS.length;

/** `<array>_<task>` */
export const taskHandle = (arrayJob: string, task: number): string => `${arrayJob}_${task}`;

/** Undefined for a job that is no task of an array. */
function taskOf(handle: string): number | undefined {
  const [, task] = /^\d+_(\d+)$/.exec(handle) ?? [];
  return task === undefined ? undefined : Number(task);
}

/** The array's own number, or the job's. */
export const jobNumberOf = (handle: string): string => handle.split('_')[0] ?? '';

/**
 * The mark of the attempt that the job, or task, of that number is. What is not the lab's has a name that is no mark. Undefined for
 * a task whose array says nothing of it.
 */
export function markAt(
  handle: string,
  { name, comment }: { readonly name: string; readonly comment: string },
): string | undefined {
  const task = taskOf(handle);
  if (task === undefined) return name;
  if (!comment.startsWith(TASKS)) return undefined;
  return unpacked(comment.slice(TASKS.length).split(BETWEEN)[task] ?? '');
}

/** A UUID's 36 letters are 22 here: a comment holds half as many otherwise. */
function packed({ jobId, number }: Marked): string {
  const hex = jobId.replace(/^job_/, '').replaceAll('-', '');
  return `${Buffer.from(hex, 'hex').toString('base64url')}.${number}`;
}

function unpacked(text: string): string | undefined {
  const [, id = '', number = ''] = /^([\w-]{22})\.(\d+)$/.exec(text) ?? [];
  const [, ...parts] = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(Buffer.from(id, 'base64url').toString('hex')) ?? [];
  return parts.length === 0 ? undefined : jobMark({ jobId: `job_${parts.join('-')}`, number: Number(number) });
}
