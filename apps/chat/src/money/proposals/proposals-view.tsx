// Proposals: which there are and how they stand, who votes for whom, and a way to make one.
import type { ReactNode } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { moneyHref, replaceAddress } from '../../route.js';
import { formatFromNow, formatWhole, shortId } from '../../ui/figures.js';
import { FailureNotice, Notice, Waiting } from '../../ui/notice.js';
import { PageButtons, usePages } from '../../ui/pages.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { Delegation } from './delegation.js';
import { NewProposal } from './new-proposal.js';
import { isProposalId, isState, type ProposalLine, STATES, VOTINGS } from './proposal.js';
import { ProposalPage } from './proposal-page.js';

export const NEW = 'new';

export function ProposalsView({ item, asked }: { item: string | undefined; asked: URLSearchParams }): ReactNode {
  const parts = useParts();
  if (item === NEW && parts.has('propose')) return <NewProposal />;
  if (item !== undefined && isProposalId(item) && parts.has('propose')) return <ProposalPage proposalId={item} />;
  if (item !== undefined)
    return (
      <Notice title={`“${item}” is no proposal that can be shown.`}>
        <p>
          <a href={moneyHref('proposals')}>See which proposals there are</a>
        </p>
      </Notice>
    );
  return <ProposalList state={asked.get('state') ?? ''} />;
}

interface Answer {
  readonly proposals: readonly ProposalLine[];
  readonly nextCursor?: string;
}

function ProposalList({ state }: { state: string }) {
  const parts = useParts();
  const states = isState(state) ? { states: [state] } : {};
  const pages = usePages(state);
  const { value, failure, busy } = useAnswer<Answer>(TOOLS.proposals, { ...states, cursor: pages.cursor });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Proposals</h1>
          <p className="muted">
            Whoever has staked decides what the lab pays, how long it waits, what it asks of a vote.
          </p>
        </div>
        {parts.has('propose') && (
          <div className="page-actions">
            <a className="button button-main" href={moneyHref('proposals', NEW)} data-testid="proposal-new">
              Propose
            </a>
          </div>
        )}
      </div>
      <StateFilter state={state} />
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the proposals…" lines={6} />}
      {value && value.proposals.length > 0 && (
        <ul className="proposals" data-testid="proposals" aria-busy={busy}>
          {value.proposals.map((proposal) => (
            <ProposalItem key={proposal.proposalId} proposal={proposal} />
          ))}
        </ul>
      )}
      {value?.proposals.length === 0 && (
        <div className="nothing" data-testid="proposals-nothing">
          <p>{state === '' ? 'Nobody has proposed anything yet.' : 'No proposal stands so.'}</p>
        </div>
      )}
      <PageButtons pages={pages} nextCursor={value?.nextCursor} />
      {parts.has('delegate') && <Delegation />}
    </>
  );
}

const StateFilter = ({ state }: { state: string }) => (
  <div className="money-filter proposals-filter">
    <label htmlFor="proposal-state">State</label>
    <select
      id="proposal-state"
      className="input"
      data-testid="proposal-state"
      value={state}
      onChange={(event) => replaceAddress(moneyHref('proposals', undefined, { state: event.target.value }))}
    >
      <option value="">all</option>
      {Object.entries(STATES).map(([name, { label }]) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
  </div>
);

function ProposalItem({ proposal }: { proposal: ProposalLine }) {
  const { proposalId, title, state, voting, proposer, createdAt, votesUntil } = proposal;
  const nowMs = Date.now();
  return (
    <li className="card dataset-item proposal-item">
      <div className="dataset-item-head">
        <h2>
          <a href={moneyHref('proposals', proposalId)} data-testid={`proposal-${proposalId}`}>
            {title}
          </a>
        </h2>
        <span className={STATES[state].look}>{STATES[state].label}</span>
      </div>
      <ul className="dataset-facts muted">
        <li>{VOTINGS[voting].label}</li>
        <li title={proposer}>
          by <span className="mono">{shortId(proposer)}</span>
        </li>
        <li title={formatWhole(createdAt)}>{formatFromNow(createdAt, nowMs)}</li>
        {(state === 'pending' || state === 'active') && (
          <li title={formatWhole(votesUntil)}>voting ends {formatFromNow(votesUntil, nowMs)}</li>
        )}
      </ul>
    </li>
  );
}
