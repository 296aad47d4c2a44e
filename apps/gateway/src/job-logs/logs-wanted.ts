// Which part of which job's log somebody wants, from the address and the headers of a request.
import type { IncomingMessage } from 'node:http';
import { AppError, JobId, LogsWanted } from '@labmesh/contracts';
import { z } from 'zod';
import { askedOf } from '../live/asked.js';

const { attempt, stream, cursor, tailLines, since } = LogsWanted.shape;
const number = <T extends z.ZodType>(schema: T) =>
  z.preprocess((text) => (text === undefined ? text : Number(text)), schema);

const Asked = z.strictObject({
  attempt: number(attempt),
  stream,
  tail: number(tailLines),
  since,
  cursor,
  follow: z.enum(['0', '1']).default('1'),
});

export const JOB_LOGS_PREFIX = '/jobs/';

/** What stream_logs is asked. */
export type WantedLogs = z.output<typeof LogsWanted> & { readonly jobId: string; readonly follow: boolean };

/** @throws AppError not_found for another address; invalid_input saying which parameter is wrong and what there is */
export function wantedLogs(request: Pick<IncomingMessage, 'url' | 'headers'>): WantedLogs {
  const [path] = (request.url ?? '/').split('?', 1);
  const jobId = JobId.safeParse(/^\/jobs\/([^/]+)\/logs$/.exec(path ?? '')?.[1]);
  if (!jobId.success) throw new AppError('not_found', 'There is nothing here: the log of a job is at /jobs/<id>/logs');
  const { tail, follow, ...rest } = askedOf(request, { schema: Asked, cursor: 'cursor', what: 'read the log' });
  return {
    jobId: jobId.data,
    ...rest,
    ...(tail === undefined ? {} : { tailLines: tail }),
    follow: follow === '1',
  };
}
