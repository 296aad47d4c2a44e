// The Librarian's tools for errors, and what it hears of them: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import { errorsLogged, type Handlers, type Listeners, type librarianParts, mechanic } from '@labmesh/contracts';
import { ErrorAnalysis } from './error-analysis.js';
import { ErrorList } from './error-list.js';
import { FailedJobs } from './failed-jobs.js';
import { LabErrors } from './lab-errors.js';

export const errorTools = handlersOf(
  [ErrorAnalysis, ErrorList],
  (analysis, errors): Handlers<typeof librarianParts.errors> => ({
    analyze_error: (input, call) => analysis.analyze(input, call),
    list_errors: (input, call) => errors.list(input, call),
  }),
);

export const errorListens = { job_ended: mechanic.events.job_ended, errors_logged: errorsLogged };

export const errorEvents = handlersOf(
  [FailedJobs, LabErrors],
  (jobs, lab): Listeners<typeof errorListens> => ({
    job_ended: (job, { at }) => jobs.ended(job, new Date(at)),
    errors_logged: (logged, { at }) => lab.logged(logged, new Date(at)),
  }),
);
