// What an error means: of a text that is pasted, which stays on the page, or of a job's log.
import { type FormEvent, useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { useAsking } from '../../mcp/use-asking.js';
import { jobsHref, knowledgeHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { Choice } from '../../ui/choice.js';
import { Field } from '../../ui/field.js';
import { shortId } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { Analysis, Jobs } from '../knowledge.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { AnalysisShown } from './analysis-shown.js';
import { SeenErrors } from './seen-errors.js';

export function ErrorsView({ jobId, asked }: { jobId: string | undefined; asked: URLSearchParams }) {
  const parts = useParts();
  return (
    <>
      {jobId !== undefined && <BackLink href={knowledgeHref('errors')}>Another error</BackLink>}
      <div className="page-head">
        <div>
          <h1>Errors</h1>
          <p className="muted">
            What happened, how often you had it before, where in your own code it began, and what solved it.
          </p>
        </div>
      </div>
      {jobId === undefined ? <OfText /> : <OfJob jobId={jobId} />}
      {jobId === undefined && parts.has('errors') && <SeenErrors asked={asked} />}
    </>
  );
}

function OfJob({ jobId }: { jobId: string }) {
  const { value, failure } = useAnswer<Analysis>(TOOLS.analyze, { jobId });
  return (
    <>
      <p>
        The end of the log of <a href={jobsHref('list', jobId)}>{shortId(jobId)}</a>
      </p>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Looking at the log…" lines={6} />}
      {value && <AnalysisShown analysis={value} text="" jobId={jobId} />}
    </>
  );
}

/** What the lab looks at of a text: its end, where errors are. */
const TEXT_MAX = 256 * 1_024;

function OfText() {
  const [text, setText] = useState('');
  const [found, setFound] = useState<{ analysis: Analysis; text: string }>();
  const { busy, failure, ask } = useAsking<Analysis>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const looked = text.slice(-TEXT_MAX);
    const analysis = looked.trim() === '' ? undefined : await ask(TOOLS.analyze, { text: looked });
    if (analysis) setFound({ analysis, text: looked });
  };
  return (
    <>
      <form className="card knowledge-form" onSubmit={(event) => void submit(event)} data-testid="errors-form">
        <Field label="Error or log" hint="It is looked at and not kept; of a long text its end">
          {(field) => (
            <textarea
              {...field}
              className="input mono"
              data-testid="errors-text"
              rows={7}
              spellCheck={false}
              placeholder="Paste a stack trace, or lines of a log"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <div className="knowledge-buttons errors-ways">
          <button
            type="submit"
            className="button button-main"
            data-testid="errors-go"
            disabled={busy || text.trim() === ''}
            aria-busy={busy}
          >
            {busy ? 'Looking…' : 'What does it mean?'}
          </button>
          <FailedJobs />
        </div>
      </form>
      {failure && <FailureNotice failure={failure} />}
      {found && <AnalysisShown analysis={found.analysis} text={found.text} />}
    </>
  );
}

const JOBS = 50;

/** A job of one's own that failed, instead of a text. */
function FailedJobs() {
  const parts = useParts();
  const { value } = useAnswer<Jobs>(parts.has('jobs') ? TOOLS.jobs : undefined, { state: ['failed'], limit: JOBS });
  const jobs = value?.jobs ?? [];
  if (jobs.length === 0) return null;
  return (
    <Choice
      label="Or a job that failed"
      testId="errors-job"
      value=""
      options={[
        { value: '', label: 'choose one' },
        ...jobs.map(({ jobId, name }) => ({ value: jobId, label: `${name}, ${shortId(jobId)}` })),
      ]}
      onChoose={(jobId) => {
        if (jobId !== '') location.hash = knowledgeHref('errors', jobId);
      }}
    />
  );
}
