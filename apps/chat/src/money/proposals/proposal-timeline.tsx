// A proposal's life as a list of moments: what has been, where it is, what is still to come.
import { formatFromNow, formatWhole } from '../../ui/figures.js';
import { momentsOf } from './moments.js';
import type { Proposal } from './proposal.js';

export function ProposalTimeline({ proposal }: { proposal: Proposal }) {
  const nowMs = Date.now();
  return (
    <ol className="timeline" data-testid="timeline">
      {momentsOf(proposal, nowMs).map(({ name, at, when, note }) => (
        <li key={name} className={`moment moment-${when}`} aria-current={when === 'now' ? 'step' : undefined}>
          <strong>{name}</strong>
          {at === undefined ? (
            <span className="muted">{note}</span>
          ) : (
            <span className="muted">
              {formatWhole(at)}, {formatFromNow(at, nowMs)}
              {note !== undefined && `. ${note}`}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
