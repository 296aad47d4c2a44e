// The mark by which everything that an attempt started is found again, whoever is its parent by then: a variable of its
// environment, a label of its container, a name at another engine.

/** The variable, or label, that has the mark. */
export const MARK_VARIABLE = 'LABMESH_ATTEMPT';

export interface Marked {
  readonly jobId: string;
  readonly number: number;
}

/** `job_<UUID>.<attempt>`: no two attempts of a lab, or of two labs, have the same. */
export const jobMark = ({ jobId, number }: Marked): string => `${jobId}.${number}`;

/** The attempt that an environment is marked with, as /proc tells it; undefined for a process that is nobody's. */
export function markIn(environment: string): Marked | undefined {
  const prefix = `${MARK_VARIABLE}=`;
  const mark = environment.split('\0').find((one) => one.startsWith(prefix));
  const [, jobId, number] = /^(job_[0-9a-f-]{36})\.([1-9]\d{0,8})$/.exec(mark?.slice(prefix.length) ?? '') ?? [];
  return jobId === undefined ? undefined : { jobId, number: Number(number) };
}
