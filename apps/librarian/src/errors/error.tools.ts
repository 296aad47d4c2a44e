// The Librarian's tools for errors, and what it hears of them: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import { type Handlers, type Listeners, type librarianParts, mechanic } from '@labmesh/contracts';
import { ErrorAnalysis } from './error-analysis.js';
import { FailedJobs } from './failed-jobs.js';

export const errorTools = handlersOf(
  [ErrorAnalysis],
  (analysis): Handlers<typeof librarianParts.errors> => ({
    analyze_error: (input, call) => analysis.analyze(input, call),
  }),
);

export const errorListens = { job_ended: mechanic.events.job_ended };

export const errorEvents = handlersOf(
  [FailedJobs],
  (jobs): Listeners<typeof errorListens> => ({
    job_ended: (job, { at }) => jobs.ended(job, new Date(at)),
  }),
);
