// A new solution: typed, seen as it will be, logged. Where the lab knows one like it, that one is shown first.
import { type FormEvent, useState } from 'react';
import type { Failure } from '../../failure.js';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { knowledgeHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { FailureNotice, Notice } from '../../ui/notice.js';
import type { Logged } from '../knowledge.js';
import { pageOf } from '../quotation/document-href.js';
import { TOOLS } from '../views.js';
import { carriedDraft, carry, type Draft, drafted, type Field, forgetCarried, similarIn } from './log-draft.js';
import { LogFields } from './log-fields.js';
import { SimilarNotice } from './similar-notice.js';

type IfSimilar = 'variant' | 'apart' | undefined;

export function LogView() {
  const { draft, touched, change, touchAll } = useDraft();
  const { state, log, forget } = useLogging();
  const taken = drafted(draft);
  const problems = taken.ok ? {} : taken.problems;
  const shown = (field: Field) => (touched.has(field) ? problems[field] : undefined);
  const similar = state.failure?.code === 'conflict' ? similarIn(state.failure.message) : undefined;
  const send = (ifSimilar: IfSimilar) => {
    touchAll();
    if (taken.ok) void log(taken.input, ifSimilar);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(undefined);
  };
  return (
    <>
      <BackLink href={knowledgeHref('solutions')}>Solutions</BackLink>
      <div className="page-head">
        <div>
          <h1>Log a solution</h1>
          <p className="muted">Everybody in the lab finds it at once, by their questions and by their errors.</p>
        </div>
      </div>
      {state.there && (
        <Notice title="The same was logged before.">
          <p>
            <a href={pageOf(state.there.file)} data-testid="solution-there">
              {state.there.title}
            </a>
          </p>
        </Notice>
      )}
      <form className="card knowledge-form" onSubmit={submit} noValidate data-testid="log-form">
        <LogFields
          draft={draft}
          problemOf={shown}
          disabled={state.busy}
          onChange={(part) => {
            change(part);
            forget();
          }}
        />
        {similar !== undefined && <SimilarNotice file={similar} busy={state.busy} onLog={send} />}
        {state.failure && similar === undefined && <FailureNotice failure={state.failure} />}
        {similar === undefined && (
          <div className="knowledge-buttons">
            <button
              type="submit"
              className="button button-main"
              data-testid="log-go"
              disabled={state.busy}
              aria-busy={state.busy}
            >
              Log it
            </button>
          </div>
        )}
      </form>
    </>
  );
}

function useDraft() {
  const { connection } = useLab();
  const [draft, setDraft] = useState<Draft>(() => carriedDraft(connection));
  const [touched, setTouched] = useState<ReadonlySet<Field>>(new Set());
  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    // Who looks at another solution meanwhile comes back to it.
    carry(connection, next);
    setTouched((now) => new Set([...now, ...(Object.keys(part) as Field[])]));
  };
  return { draft, touched, change, touchAll: () => setTouched(new Set(Object.keys(draft) as Field[])) };
}

interface Logging {
  readonly busy: boolean;
  readonly failure?: Failure;
  /** The same, which was there before. */
  readonly there?: Logged;
}

function useLogging() {
  const { connection } = useLab();
  const [state, setState] = useState<Logging>({ busy: false });
  const log = async (input: Readonly<Record<string, unknown>>, ifSimilar: IfSimilar) => {
    setState((now) => ({ ...now, busy: true }));
    const asked = ifSimilar === undefined ? input : { ...input, ifSimilar };
    const answer = await callFor<Logged>(connection, { name: TOOLS.log, input: asked });
    if (!answer.ok) return setState({ busy: false, failure: answer.failure });
    forgetCarried(connection);
    setState({ busy: false, ...(answer.value.alreadyLogged ? { there: answer.value } : {}) });
    if (!answer.value.alreadyLogged) location.hash = pageOf(answer.value.file);
  };
  const forget = () => setState((now) => (now.failure || now.there ? { busy: now.busy } : now));
  return { state, log, forget };
}
