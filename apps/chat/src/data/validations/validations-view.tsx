// Validations: claims about results that others measure again. Their lists, one of them, and the form that puts a claim to the lab.
import { type ReactNode, useEffect } from 'react';
import { useFollowed } from '../../mcp/use-followed.js';
import { dataHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { formatFromNow, formatWhole } from '../../ui/figures.js';
import { NotForYou } from '../../ui/not-for-you.js';
import { FailureNotice, Notice, Waiting } from '../../ui/notice.js';
import { PageButtons, usePages } from '../../ui/pages.js';
import { useParts } from '../use-parts.js';
import { TOOLS, VALIDATIONS } from '../views.js';
import { NewClaim } from './new-claim.js';
import {
  isValidationId,
  type List,
  listsFor,
  NEW,
  reportsText,
  STATES,
  uriOf,
  type Validation,
  type ValidationPage,
} from './validation.js';
import { OneValidation } from './one-validation.js';

interface ValidationsViewProps {
  readonly item: string | undefined;
  readonly asked: URLSearchParams;
}

export function ValidationsView({ item, asked }: ValidationsViewProps): ReactNode {
  const parts = useParts();
  useEffect(() => {
    document.title = 'Validations · Data · LabMesh';
  }, []);
  if (item === undefined) return <Lists which={asked.get('which') ?? undefined} />;
  if (item === NEW && parts.has('claim')) return <NewClaim asked={asked} />;
  if (item === NEW || !parts.has('validation')) return <NotForYou />;
  if (isValidationId(item)) return <OneValidation key={item} validationId={item} />;
  return (
    <Notice title={`“${item}” is not the id of a validation.`}>
      <p>
        An id begins with <code>val_</code>. <a href={dataHref(VALIDATIONS)}>See which validations there are</a>
      </p>
    </Notice>
  );
}

function Lists({ which }: { which: string | undefined }) {
  const parts = useParts();
  const lists = listsFor(parts);
  const list = lists.find((each) => each.which === which) ?? lists[0];
  return (
    <>
      <BackLink href={dataHref()}>All datasets</BackLink>
      <div className="page-head">
        <div>
          <h1>Validations</h1>
          <p className="muted">
            Claims about results. Others measure again, without seeing the claimed value; who agrees is rewarded.
          </p>
        </div>
        <div className="page-actions">
          {parts.has('claim') && (
            <a className="button button-main" href={dataHref(VALIDATIONS, NEW)} data-testid="claim-new">
              Ask for one
            </a>
          )}
        </div>
      </div>
      <nav className="views" aria-label="Lists of validations">
        {lists.map((each) => (
          <a
            key={each.which}
            href={dataHref(VALIDATIONS, undefined, { which: each.which })}
            data-testid={`validations-${each.which}`}
            aria-current={each === list ? 'page' : undefined}
          >
            {each.label}
          </a>
        ))}
      </nav>
      {list && <Listed key={list.which} list={list} />}
    </>
  );
}

function Listed({ list }: { list: List }) {
  const pages = usePages(list.which);
  const { value, failure, busy, refresh } = useFollowed<ValidationPage>(
    TOOLS.validations,
    { which: list.which, cursor: pages.cursor },
    { uris: [], lists: true, urisIn: ({ validations }) => validations.map(({ validationId }) => uriOf(validationId)) },
  );
  return (
    <>
      {failure && (
        <FailureNotice failure={failure}>
          <button type="button" className="button" disabled={busy} onClick={refresh}>
            Try again
          </button>
        </FailureNotice>
      )}
      {!value && !failure && <Waiting label="Fetching the validations…" lines={6} />}
      {value && value.validations.length > 0 && (
        <ul className="datasets" aria-busy={busy} data-testid="validations">
          {value.validations.map((validation) => (
            <ValidationItem key={validation.validationId} validation={validation} />
          ))}
        </ul>
      )}
      {value?.validations.length === 0 && (
        <div className="nothing" data-testid="validations-nothing" aria-busy={busy}>
          <p>{list.nothing}</p>
        </div>
      )}
      <PageButtons pages={pages} nextCursor={value?.nextCursor} />
    </>
  );
}

function ValidationItem({ validation }: { validation: Validation }) {
  const { validationId, title, state, metric, datasetId, version, deadline, endedAt } = validation;
  const nowMs = Date.now();
  const [when, at] = endedAt === null ? ['ends', deadline] : ['ended', endedAt];
  return (
    <li className="card dataset-item">
      <div className="dataset-item-head">
        <h2>
          <a href={dataHref(VALIDATIONS, validationId)} data-testid={`validation-${validationId}`}>
            {title}
          </a>
        </h2>
        <span className={STATES[state].look}>{STATES[state].label}</span>
      </div>
      <ul className="dataset-facts muted">
        <li>{metric}</li>
        <li className="validation-data">
          {datasetId}, version {version}
        </li>
        <li>{reportsText(validation)}</li>
        <li title={formatWhole(at)}>
          {when} {formatFromNow(at, nowMs)}
        </li>
      </ul>
    </li>
  );
}
