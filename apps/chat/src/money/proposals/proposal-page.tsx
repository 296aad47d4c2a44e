// One proposal: what it says and would change, how the vote stands, where in its life it is, and what you may do with it.
import type { ReactNode } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { moneyHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { shortId } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { TOOLS } from '../views.js';
import { ChangeList } from './change-list.js';
import { type Proposal, STATES, VOTINGS } from './proposal.js';
import { ProposalActions } from './proposal-actions.js';
import { ProposalTimeline } from './proposal-timeline.js';
import { Standing } from './standing.js';
import { VoteSection } from './vote-section.js';

export function ProposalPage({ proposalId }: { proposalId: string }) {
  const { value, failure, busy, refresh } = useAnswer<Proposal>(TOOLS.propose, { proposalId });
  return (
    <>
      <BackLink href={moneyHref('proposals')}>All proposals</BackLink>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the proposal…" lines={6} />}
      {value && (
        <>
          <div className="page-head">
            <div className="proposal-head">
              <h1 data-testid="proposal-title">{value.title}</h1>
              <p className="muted proposal-facts">
                <span className={STATES[value.state].look} data-testid="proposal-state-now">
                  {STATES[value.state].label}
                </span>
                {VOTINGS[value.voting].label}, by{' '}
                <span className="mono" title={value.proposer}>
                  {shortId(value.proposer)}
                </span>
              </p>
            </div>
            <div className="page-actions">
              <button type="button" className="button" disabled={busy} onClick={refresh}>
                Look again
              </button>
              <ProposalActions proposal={value} onDone={refresh} />
            </div>
          </div>
          <Whole proposal={value} onVoted={refresh} />
        </>
      )}
    </>
  );
}

const Whole = ({ proposal, onVoted }: { proposal: Proposal; onVoted: () => void }) => (
  <div className="proposal">
    <div className="proposal-main">
      <p className="proposal-text">{proposal.text}</p>
      {proposal.changes.length > 0 && (
        <Part title="What it would change">
          <ChangeList proposal={proposal} />
        </Part>
      )}
      <Part title="How it stands">
        <Standing proposal={proposal} />
      </Part>
      <VoteSection key={String(proposal.voted)} proposal={proposal} onVoted={onVoted} />
    </div>
    <aside className="proposal-aside">
      <Part title="Timeline">
        <ProposalTimeline proposal={proposal} />
      </Part>
    </aside>
  </div>
);

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="proposal-part">
    <h2>{title}</h2>
    {children}
  </section>
);
