// The Mechanic's tools for jobs: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, mechanicParts } from '@labmesh/contracts';
import { JobList } from './job-list.js';
import { JobRetries } from './job-retries.js';
import { JobSubmissions } from './job-submissions.js';
import { Pending } from './pending.js';

export const jobTools = handlersOf(
  [JobSubmissions, JobRetries, JobList, Pending],
  (submissions, retries, list, pending): Handlers<typeof mechanicParts.jobs> => ({
    orchestrate_training_job: (input, call) => submissions.submit(input, call),
    retry_job: (input, call) => retries.retry(input, call),
    get_job: ({ jobId }, call) => list.get(jobId, call),
    list_jobs: (input, call) => list.list(input, call),
    cancel_job: (input, call) => list.cancel(input, call),
    why_pending: (input, call) => pending.why(input, call),
  }),
);
