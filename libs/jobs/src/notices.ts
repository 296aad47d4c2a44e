// What is told beside rows, so that things are quick. Whoever misses a notice finds the same in the rows a little later.
import { type Bus, JOBS_SUBJECT } from '@labmesh/bus';
import { z } from 'zod';

const JobNotice = z.object({
  jobId: z.string(),
  attempt: z.int().optional(),
  /**
   * placed: an attempt waits for a worker of `node`. cancel: its end is asked for. changed: another state. log: it wrote more.
   * used: more is known of what it uses.
   */
  kind: z.enum(['placed', 'cancel', 'changed', 'log', 'used']),
  node: z.string().optional(),
});
export type JobNotice = z.output<typeof JobNotice>;

/** Never throws: a broker that is away only makes things slower. */
export function tellJobs(bus: Pick<Bus, 'broadcast'>, notice: JobNotice): void {
  try {
    bus.broadcast(JOBS_SUBJECT, notice);
  } catch {
    // the rows say it too
  }
}

/** Undefined for what is no notice. */
export function readNotice(body: unknown): JobNotice | undefined {
  return JobNotice.safeParse(body).data;
}
