// Folders of attempts that ended while no worker was there to remove them: a crash of everything leaves them behind. What belongs to
// an attempt that has not ended is never touched.
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptName } from './attempt-parts.js';

const JOB = /^job_[0-9a-f-]{36}$/;
/** An attempt's folder, or its log's. */
const OF_ATTEMPT = /^(?:log-)?(\d+)$/;

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/**
 * @param jobs where jobs have their folders
 * @param alive asked after the folders were looked for, so that what began meanwhile is not among them
 */
export async function removeLeft(
  jobs: string,
  alive: (jobIds: readonly string[]) => Promise<readonly AttemptName[]>,
): Promise<void> {
  const found: { readonly job: string; readonly name: string; readonly key: string }[] = [];
  for (const job of (await namesIn(jobs)).filter((name) => JOB.test(name)))
    for (const name of await namesIn(join(jobs, job))) {
      const number = OF_ATTEMPT.exec(name)?.[1];
      if (number !== undefined) found.push({ job, name, key: `${job} ${number}` });
    }
  if (found.length === 0) return;
  const kept = new Set(
    (await alive([...new Set(found.map(({ job }) => job))])).map(({ jobId, number }) => `${jobId} ${number}`),
  );
  for (const { job, name, key } of found) {
    if (kept.has(key)) continue;
    await rm(join(jobs, job, name), { recursive: true, force: true });
    await rmdir(join(jobs, job)).catch(() => undefined);
  }
}
