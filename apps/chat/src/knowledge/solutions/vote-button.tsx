// One vote of the caller's wallet for a solution, or its withdrawal.
import { useAsking } from '../../mcp/use-asking.js';
import { plural } from '../../ui/figures.js';
import { Icon } from '../../ui/icon.js';
import { FailureNotice } from '../../ui/notice.js';
import type { Solution, Voted } from '../knowledge.js';
import { TOOLS } from '../views.js';

export function VoteButton({ solution, onVoted }: { solution: Solution; onVoted: () => void }) {
  const { busy, failure, ask } = useAsking<Voted>();
  const { file, voted, votes } = solution;
  const vote = async () => {
    if (await ask(TOOLS.vote, { file, vote: voted ? 'withdrawn' : 'up' })) onVoted();
  };
  return (
    <div className="vote">
      <button
        type="button"
        className={voted ? 'button button-voted' : 'button'}
        data-testid="solution-vote"
        aria-pressed={voted}
        disabled={busy}
        onClick={() => void vote()}
      >
        <Icon name={voted ? 'check' : 'send'} />
        {voted ? 'It helped you' : 'It helped'}
        <span className="vote-count" data-testid="solution-votes">
          {plural(votes, 'vote')}
        </span>
      </button>
      {failure && <FailureNotice failure={failure} />}
    </div>
  );
}
