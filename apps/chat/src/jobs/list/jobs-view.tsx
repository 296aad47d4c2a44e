// The caller's jobs, the newest first, narrowed by state, name and array. The lab tells when one changes.
import type { JobState } from '@labmesh/contracts';
import { useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { useFollowed } from '../../mcp/use-followed.js';
import { jobsHref, replaceAddress } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { ShowMore } from '../../ui/show-more.js';
import { EXECUTORS, type Executor, hasEnded, type JobPage, STATES } from '../job.js';
import { SubmitDialog } from '../submit/submit-dialog.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { ArrayCard } from './array-card.js';
import { JobTable } from './job-table.js';

const PAGE = 25;
const PAGE_MAX = 100;

export function JobsView({ asked }: { asked: URLSearchParams }) {
  const { session } = useLab();
  const parts = useParts();
  const [limit, setLimit] = useState(PAGE);
  const [submitting, setSubmitting] = useState(false);
  const state = STATES.find((each) => each.state === asked.get('state'))?.state;
  const executor = EXECUTORS.find((each) => each === asked.get('executor'));
  const name = asked.get('name') ?? '';
  const array = asked.get('array') ?? undefined;
  // New ones as well: of everybody where all are shown.
  const whose = session.role === 'operator' ? 'all' : session.walletId;
  const wanted = {
    limit: Math.min(PAGE_MAX, limit),
    ...(state === undefined ? {} : { state: [state] }),
    ...(executor === undefined ? {} : { executor }),
    ...(name === '' ? {} : { name }),
    ...(array === undefined ? {} : { arrayId: array }),
  };
  const { value, failure, busy, refresh } = useFollowed<JobPage>(TOOLS.list, wanted, {
    uris: whose === undefined ? [] : [`jobs://${whose}`],
    urisIn: ({ jobs }) => jobs.filter((job) => !hasEnded(job)).map(({ jobId }) => `job://${jobId}`),
  });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Jobs</h1>
          <p className="muted">
            Trainings and other work on the lab’s machines{session.role === 'operator' ? ', of everybody' : ''}.
          </p>
        </div>
        {parts.has('submit') && (
          <div className="page-actions">
            <button
              type="button"
              className="button button-main"
              data-testid="job-new"
              onClick={() => setSubmitting(true)}
            >
              New job
            </button>
          </div>
        )}
      </div>
      {array !== undefined && <BackLink href={jobsHref('list')}>All jobs</BackLink>}
      {value?.array !== undefined && (
        <ArrayCard array={value.array} mayCancel={parts.has('cancel')} onChanged={refresh} />
      )}
      <JobFilters state={state} executor={executor} name={name} array={array} />
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the jobs…" lines={6} />}
      {value && value.jobs.length > 0 && <JobTable jobs={value.jobs} busy={busy} />}
      {value && value.jobs.length === 0 && (
        <Nothing narrowed={[state, executor, array].some((one) => one !== undefined) || name !== ''} />
      )}
      {value?.nextCursor !== undefined && limit < PAGE_MAX && <ShowMore limit={limit} busy={busy} onLimit={setLimit} />}
      {(submitting || asked.has('new')) && (
        <SubmitDialog
          onClose={() => {
            setSubmitting(false);
            if (asked.has('new')) replaceAddress(jobsHref('list'));
          }}
        />
      )}
    </>
  );
}

interface JobFiltersProps {
  readonly state: JobState | undefined;
  readonly executor: Executor | undefined;
  readonly name: string;
  readonly array: string | undefined;
}

function JobFilters({ state, executor, name, array }: JobFiltersProps) {
  const narrow = (to: { state?: string | undefined; executor?: string | undefined; name?: string }) =>
    replaceAddress(jobsHref('list', undefined, { state, executor, name, array, ...to }));
  return (
    <form className="job-filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <label className="money-filter">
        <span className="label">State</span>
        <select
          className="input"
          data-testid="job-state"
          value={state ?? ''}
          onChange={(event) => narrow({ state: event.target.value || undefined })}
        >
          <option value="">all</option>
          {STATES.map((each) => (
            <option key={each.state} value={each.state}>
              {each.label}
            </option>
          ))}
        </select>
      </label>
      <label className="money-filter">
        <span className="label">Executor</span>
        <select
          className="input"
          data-testid="job-executor"
          value={executor ?? ''}
          onChange={(event) => narrow({ executor: event.target.value || undefined })}
        >
          <option value="">all</option>
          {EXECUTORS.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </label>
      <label className="money-filter">
        <span className="label">Name</span>
        <input
          className="input"
          type="search"
          data-testid="job-name"
          value={name}
          placeholder="a part of it"
          onChange={(event) => narrow({ name: event.target.value })}
        />
      </label>
    </form>
  );
}

const Nothing = ({ narrowed }: { narrowed: boolean }) => (
  <div className="nothing" data-testid="jobs-nothing">
    <p>{narrowed ? 'No job is so.' : 'No job has been submitted yet.'}</p>
    <p className="muted">
      {narrowed
        ? 'Take a filter away.'
        : 'Submit one here, by npx @labmesh/cli job submit, or let your assistant do it.'}
    </p>
  </div>
);
