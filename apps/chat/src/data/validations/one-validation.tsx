// One validation: what is claimed, how it stands, what was measured as far as the lab tells, and what you may do with it.
import { useEffect, useState } from 'react';
import { useFollowed } from '../../mcp/use-followed.js';
import { dataHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Entry } from '../../ui/entry.js';
import { formatFromNow, formatWhole } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { Section } from '../dataset/about-view.js';
import { useParts } from '../use-parts.js';
import { TOOLS, VALIDATIONS } from '../views.js';
import { CancelDialog } from './cancel-dialog.js';
import { ReportDialog } from './report-dialog.js';
import { ReportList } from './report-list.js';
import { type Looked, reportsText, STATES, uriOf, type Validation } from './validation.js';

export function OneValidation({ validationId }: { validationId: string }) {
  const { value, failure, refresh } = useFollowed<Looked>(
    TOOLS.validation,
    { validationId },
    { uris: [uriOf(validationId)] },
  );
  const title = value?.validation.title;
  useEffect(() => {
    if (title) document.title = `${title} · Validations · LabMesh`;
  }, [title]);
  return (
    <>
      <BackLink href={dataHref(VALIDATIONS)}>All validations</BackLink>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the validation…" lines={6} />}
      {value && (
        <>
          <Head validation={value.validation} onChanged={refresh} />
          <div className="about">
            <div className="about-main">
              <Section title="Method">
                <p className="about-text">{value.validation.method}</p>
              </Section>
              <Section title="Reports">
                <ReportList looked={value} />
              </Section>
            </div>
            <aside className="about-aside" aria-label="Facts">
              <Claim validation={value.validation} />
            </aside>
          </div>
        </>
      )}
    </>
  );
}

interface HeadProps {
  readonly validation: Validation;
  readonly onChanged: () => void;
}

function Head({ validation, onChanged }: HeadProps) {
  const parts = useParts();
  const [dialog, setDialog] = useState<'report' | 'cancel'>();
  const { title, state, mine, reported, reportsMade } = validation;
  const close = () => setDialog(undefined);
  const open = state === 'open';
  return (
    <div className="page-head">
      <div className="dataset-titles">
        <h1 data-testid="validation-title">{title}</h1>
        <p className="muted">
          <span className={STATES[state].look} data-testid="validation-state">
            {STATES[state].label}
          </span>{' '}
          {STATES[state].means}
        </p>
      </div>
      <div className="page-actions">
        {open && mine && reportsMade === 0 && parts.has('cancelClaim') && (
          <button
            type="button"
            className="button button-quiet-bad"
            data-testid="claim-cancel"
            onClick={() => setDialog('cancel')}
          >
            Cancel it…
          </button>
        )}
        {open && !mine && !reported && parts.has('report') && (
          <button
            type="button"
            className="button button-main"
            data-testid="claim-report"
            onClick={() => setDialog('report')}
          >
            Report…
          </button>
        )}
      </div>
      {dialog === 'report' && <ReportDialog validation={validation} onDone={onChanged} onClose={close} />}
      {dialog === 'cancel' && <CancelDialog validation={validation} onDone={onChanged} onClose={close} />}
    </div>
  );
}

function Claim({ validation }: { validation: Validation }) {
  const { metric, claimed, tolerance, agreed, datasetId, version, sharesData, mine, askedAt, deadline, endedAt } =
    validation;
  return (
    <section className="card about-card" aria-label="Claim" data-testid="claim">
      <h2>Claim</h2>
      <dl className="facts">
        <Entry name="Metric">
          <span className="mono">{metric}</span>
        </Entry>
        <Entry name="Claimed value">
          {claimed === null ? (
            <span className="muted">hidden until you have reported: whoever measures must not know it</span>
          ) : (
            <span className="mono">{claimed}</span>
          )}
        </Entry>
        <Entry name="Values agree within">
          <span className="mono">{tolerance}</span>
        </Entry>
        {agreed !== null && (
          <Entry name="Agreed value">
            <span className="mono">{agreed}</span>
          </Entry>
        )}
        <Entry name="Reports">{reportsText(validation)}</Entry>
        <Entry name="Data">
          <a className="mono" href={dataHref(datasetId, undefined, { version })}>
            {datasetId}
          </a>
          , version {version}
          {sharesData && <span className="muted"> (everybody may read it until the validation ends)</span>}
        </Entry>
        <Hash name="SHA-256 of the data" text={validation.datasetSha256} />
        {validation.modelSha256 !== null && <Hash name="SHA-256 of the model" text={validation.modelSha256} />}
        <Entry name="Asked">
          <When at={askedAt} />
          {mine && ', by you'}
        </Entry>
        <Entry name={endedAt === null ? 'Ends' : 'Ended'}>
          <When at={endedAt ?? deadline} />
        </Entry>
      </dl>
    </section>
  );
}

const When = ({ at }: { at: string }) => (
  <>
    {formatWhole(at)} <span className="muted">({formatFromNow(at, Date.now())})</span>
  </>
);

const Hash = ({ name, text }: { name: string; text: string }) => (
  <Entry name={name}>
    <span className="mono hash">{text}</span>
    <span className="facts-copy">
      <CopyButton text={() => text} label="Copy the hash" />
    </span>
  </Entry>
);
