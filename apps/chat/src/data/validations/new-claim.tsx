// The form that puts a claim to the lab: on which data, what is measured and how, which value it should have.
import { type FormEvent, useState } from 'react';
import { useAsking } from '../../mcp/use-asking.js';
import { dataHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { Field } from '../../ui/field.js';
import { FailureNotice } from '../../ui/notice.js';
import { TOOLS, VALIDATIONS } from '../views.js';
import { claimOf, type Draft, EMPTY, type Problems, problemsOf } from './claim.js';
import type { Asked } from './validation.js';

export function NewClaim({ asked }: { asked: URLSearchParams }) {
  const [draft, setDraft] = useState<Draft>(() => ({
    ...EMPTY,
    datasetId: asked.get('dataset') ?? '',
    version: asked.get('version') ?? '1',
  }));
  const [tried, setTried] = useState(false);
  const { busy, failure, ask } = useAsking<Asked>();
  const problems = problemsOf(draft);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    const made = await ask(TOOLS.claim, { ...claimOf(draft) });
    if (made) location.hash = dataHref(VALIDATIONS, made.validation.validationId);
  };
  return (
    <>
      <BackLink href={dataHref(VALIDATIONS)}>All validations</BackLink>
      <div className="page-head">
        <div>
          <h1>Ask for a validation</h1>
          <p className="muted">Nobody who checks sees the claimed value before they have reported their own.</p>
        </div>
      </div>
      <form className="new-claim" noValidate onSubmit={(event) => void send(event)}>
        <ClaimFields draft={draft} problems={tried ? problems : {}} onDraft={setDraft} />
        {failure && <FailureNotice failure={failure} />}
        <div>
          <button type="submit" className="button button-main" data-testid="claim-go" disabled={busy} aria-busy={busy}>
            Put it to the lab
          </button>
        </div>
      </form>
    </>
  );
}

interface ClaimFieldsProps {
  readonly draft: Draft;
  readonly problems: Problems;
  readonly onDraft: (draft: Draft) => void;
}

type Text = Exclude<keyof Draft, 'share' | 'reports'>;

function ClaimFields({ draft, problems, onDraft }: ClaimFieldsProps) {
  const text = (name: Text, label: string, more: { hint?: string; mono?: boolean; most?: number } = {}) => (
    <Field label={label} hint={more.hint} problem={problems[name]}>
      {(field) => (
        <input
          {...field}
          className={more.mono ? 'input mono' : 'input'}
          data-testid={`claim-${name}`}
          autoComplete="off"
          spellCheck={!more.mono}
          maxLength={more.most ?? 120}
          value={draft[name]}
          onChange={(event) => onDraft({ ...draft, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      {text('title', 'Title', { hint: 'Everybody reads it: leave your value out', most: 140 })}
      <div className="validation-fields">
        {text('datasetId', 'Dataset', { hint: 'ds_…, of the lab or your own', mono: true })}
        {text('version', 'Version', { mono: true })}
      </div>
      <Field label="Method" hint="What is run, where it is, how others run it" problem={problems.method}>
        {(field) => (
          <textarea
            {...field}
            className="input"
            data-testid="claim-method"
            rows={4}
            maxLength={4_000}
            value={draft.method}
            onChange={(event) => onDraft({ ...draft, method: event.target.value })}
          />
        )}
      </Field>
      {text('model', 'SHA-256 of the model', { hint: 'If the claim is about one', mono: true })}
      <div className="validation-fields">
        {text('metric', 'Metric', { mono: true })}
        {text('claimed', 'Claimed value', { hint: 'In decimals', mono: true })}
        {text('tolerance', 'Tolerance', { hint: 'Most that values differ and still agree', mono: true })}
        <ReportsChoice reports={draft.reports} onReports={(reports) => onDraft({ ...draft, reports })} />
        {text('days', 'Days', { hint: 'Until it ends undecided', mono: true })}
      </div>
      <label className="check-label">
        <input
          type="checkbox"
          data-testid="claim-share"
          checked={draft.share}
          onChange={(event) => onDraft({ ...draft, share: event.target.checked })}
        />
        The dataset is my own: let everybody read this version until the validation ends
      </label>
    </>
  );
}

const ReportsChoice = ({ reports, onReports }: { reports: string; onReports: (reports: string) => void }) => (
  <Field label="How many have to agree">
    {(field) => (
      <select
        {...field}
        className="input"
        data-testid="claim-reports"
        value={reports}
        onChange={(event) => onReports(event.target.value)}
      >
        {['2', '3', '4', '5'].map((count) => (
          <option key={count}>{count}</option>
        ))}
      </select>
    )}
  </Field>
);
