// The vote of whoever looks: the ballot of the proposal's voting system, a question before it is cast, and that it was.
import { useState } from 'react';
import { useAsking } from '../../mcp/use-asking.js';
import { Field } from '../../ui/field.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { CURRENCY, grouped, microOf } from '../amount.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { emptyBallot, saidBy } from './ballot.js';
import { BallotFields } from './ballot-fields.js';
import { type Proposal, VOTINGS } from './proposal.js';

export function VoteSection({ proposal, onVoted }: { proposal: Proposal; onVoted: () => void }) {
  const parts = useParts();
  const { state, power, voted, voting } = proposal;
  const none = power === null || microOf(power) === 0n;
  return (
    <section className="proposal-part" aria-labelledby="vote">
      <h2 id="vote">Your vote</h2>
      {voted && <p data-testid="voted">You have voted. A vote stands; it cannot be changed.</p>}
      {!voted && state !== 'active' && (
        <p className="muted">{state === 'pending' ? 'Voting begins after the snapshot.' : 'Voting is over.'}</p>
      )}
      {!voted && state === 'active' && (
        <p className="muted">
          {none
            ? 'You have no power here: nothing was staked or delegated to you at the snapshot.'
            : `${grouped(power)} ${CURRENCY} of power, of the snapshot. ${VOTINGS[voting].how}`}
        </p>
      )}
      {!voted && state === 'active' && !none && parts.has('vote') && (
        <VoteForm proposal={proposal} power={power} onVoted={onVoted} />
      )}
    </section>
  );
}

interface VoteFormProps {
  readonly proposal: Proposal;
  readonly power: string;
  readonly onVoted: () => void;
}

function VoteForm({ proposal: { proposalId, title, voting, choices }, power, onVoted }: VoteFormProps) {
  const [ballot, setBallot] = useState(() => emptyBallot(choices.map(({ number }) => number)));
  const [reason, setReason] = useState('');
  const [asking, setAsking] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, failure, ask } = useAsking();
  const said = saidBy(voting, ballot);
  const problem = 'problem' in said ? said.problem : undefined;
  const cast = async () => {
    if ('problem' in said) return;
    const input = { proposalId, ...said.input, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) };
    if (await ask(TOOLS.vote, input)) onVoted();
  };
  return (
    <>
      <form
        className="card vote-form"
        data-testid="vote-form"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          setAsking(problem === undefined);
        }}
      >
        <BallotFields voting={voting} choices={choices} ballot={ballot} onBallot={setBallot} />
        {tried && problem !== undefined && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <Reason reason={reason} onReason={setReason} />
        <div>
          <button type="submit" className="button button-main" data-testid="vote-go">
            Vote
          </button>
        </div>
      </form>
      {asking && (
        <QuestionDialog
          title={`Vote on “${title}”?`}
          testId="vote-confirm"
          action="Cast the vote"
          busy={busy}
          onSubmit={() => void cast()}
          onClose={() => setAsking(false)}
        >
          <p>
            With {grouped(power)} {CURRENCY} of power, once. It cannot be changed.
          </p>
          {failure && <FailureNotice failure={failure} />}
        </QuestionDialog>
      )}
    </>
  );
}

const Reason = ({ reason, onReason }: { reason: string; onReason: (reason: string) => void }) => (
  <Field label="Why" hint="If you like: it is kept with the vote">
    {(field) => (
      <input
        {...field}
        className="input"
        maxLength={300}
        autoComplete="off"
        value={reason}
        onChange={(event) => onReason(event.target.value)}
      />
    )}
  </Field>
);
