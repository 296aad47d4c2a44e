// A new proposal: text, how it is voted on and, if wanted, parameters that it would change, each within its bounds.
import { type FormEvent, useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { useAsking } from '../../mcp/use-asking.js';
import { moneyHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { Field } from '../../ui/field.js';
import { FailureNotice } from '../../ui/notice.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { ChangeFields } from './change-fields.js';
import { choicesOf, type Draft, EMPTY, isWhole, type Problems, problemsOf, proposedBy } from './draft.js';
import type { Parameters } from './parameter.js';
import { type Proposal, VOTINGS, type Voting } from './proposal.js';

const NO_PROBLEMS: Problems = { changes: [] };

export function NewProposal() {
  const parts = useParts();
  const parameters = useAnswer<Parameters>(TOOLS.parameters, {});
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [tried, setTried] = useState(false);
  const { busy, failure, ask } = useAsking<Proposal>();
  const known = parameters.value?.parameters ?? [];
  const problems = problemsOf(draft, known);
  const shown = tried ? problems : NO_PROBLEMS;
  const propose = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isWhole(problems)) return;
    const made = await ask(TOOLS.propose, proposedBy(draft));
    if (made) location.hash = moneyHref('proposals', made.proposalId);
  };
  return (
    <>
      <BackLink href={moneyHref('proposals')}>All proposals</BackLink>
      <div className="page-head">
        <h1>New proposal</h1>
      </div>
      <form className="new-proposal" noValidate onSubmit={(event) => void propose(event)}>
        <TextFields draft={draft} onDraft={setDraft} problems={shown} />
        {parts.has('parameters') && (
          <ChangeFields
            changes={draft.changes}
            problems={shown.changes}
            parameters={known}
            choices={draft.voting === 'basic' ? undefined : choicesOf(draft)}
            onChanges={(changes) => setDraft({ ...draft, changes })}
          />
        )}
        {failure && <FailureNotice failure={failure} />}
        <div>
          <button
            type="submit"
            className="button button-main"
            data-testid="propose-go"
            disabled={busy}
            aria-busy={busy}
          >
            Propose it
          </button>
        </div>
      </form>
    </>
  );
}

interface TextFieldsProps {
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly problems: Problems;
}

const TextFields = ({ draft, onDraft, problems }: TextFieldsProps) => (
  <>
    <Field label="Title" problem={problems.title} hint="At most 120 characters">
      {(field) => (
        <input
          {...field}
          className="input"
          data-testid="propose-title"
          maxLength={120}
          autoComplete="off"
          value={draft.title}
          onChange={(event) => onDraft({ ...draft, title: event.target.value })}
        />
      )}
    </Field>
    <Field label="Text" problem={problems.text} hint="What, and why. At most 4,000 characters">
      {(field) => (
        <textarea
          {...field}
          className="input"
          data-testid="propose-text"
          rows={6}
          maxLength={4_000}
          value={draft.text}
          onChange={(event) => onDraft({ ...draft, text: event.target.value })}
        />
      )}
    </Field>
    <Field label="Voting" hint={VOTINGS[draft.voting].how}>
      {(field) => (
        <select
          {...field}
          className="input"
          data-testid="propose-voting"
          value={draft.voting}
          onChange={(event) => onDraft({ ...draft, voting: event.target.value as Voting })}
        >
          {Object.entries(VOTINGS).map(([name, { label }]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
    {draft.voting !== 'basic' && (
      <Field label="Choices" problem={problems.choices} hint="One a line">
        {(field) => (
          <textarea
            {...field}
            className="input"
            data-testid="propose-choices"
            rows={4}
            value={draft.choices}
            onChange={(event) => onDraft({ ...draft, choices: event.target.value })}
          />
        )}
      </Field>
    )}
  </>
);
