// How a vote stands: the quorum as a bar, and each choice with what it has.
import { plural } from '../../ui/figures.js';
import { CURRENCY, grouped, microOf } from '../amount.js';
import { type Choice, type Proposal, STATES } from './proposal.js';

/** Hundredths of `part` in `whole`, for a bar's width only. */
const share = (part: bigint, whole: bigint): number => (whole === 0n ? 0 : Number((part * 10_000n) / whole) / 100);

export function Standing({ proposal }: { proposal: Proposal }) {
  const { choices, voting, winner, voters, state } = proposal;
  const scores = choices.map(({ score }) => microOf(score));
  const most = scores.reduce((best, score) => (score > best ? score : best), 0n);
  const sum = scores.reduce((total, score) => total + score, 0n);
  const whole = voting === 'copeland' || voting === 'approval' || voting === 'quadratic' ? most : sum;
  return (
    <div className="card standing" data-testid="standing">
      <QuorumBar quorum={proposal.quorum} />
      <ol className="standing-choices">
        {choices.map((choice, at) => (
          <ChoiceBar
            key={choice.number}
            choice={choice}
            width={share(scores[at] ?? 0n, whole)}
            leads={choice.number === winner}
            unit={voting === 'copeland' ? 'duels' : CURRENCY}
          />
        ))}
      </ol>
      <p className="muted standing-note">
        {plural(voters, 'wallet')} voted.
        {state !== 'pending' && winner === null && ' No choice leads alone.'}
        {state === 'pending' && ` It is ${STATES.pending.label}: voting has not begun.`}
      </p>
    </div>
  );
}

function QuorumBar({ quorum: { needed, counted, reached } }: { quorum: Proposal['quorum'] }) {
  const width = needed === null ? 0 : Math.min(100, share(microOf(counted), microOf(needed)));
  const said =
    needed === null
      ? 'What the quorum asks for is known at the snapshot.'
      : `${grouped(counted)} of ${grouped(needed)} ${CURRENCY} needed`;
  return (
    <div className="quorum" data-testid="quorum">
      <p className="standing-line">
        <strong>Quorum</strong>
        <span className={reached && needed !== null ? 'pill pill-good' : 'pill badge-read'}>
          {reached && needed !== null ? 'reached' : 'not yet reached'}
        </span>
      </p>
      <Bar
        width={reached && needed !== null ? 100 : width}
        look={reached ? 'standing-reached' : 'standing-open'}
        label={`Quorum: ${said}`}
      />
      <p className="muted standing-note">{said}</p>
    </div>
  );
}

interface ChoiceBarProps {
  readonly choice: Choice;
  readonly width: number;
  readonly leads: boolean;
  readonly unit: string;
}

const ChoiceBar = ({ choice: { text, score, support, rounded }, width, leads, unit }: ChoiceBarProps) => (
  <li className="standing-choice">
    <p className="standing-line">
      <span className="standing-choice-text">
        {text} {leads && <span className="badge badge-here">leads</span>}
      </span>
      <span className="amount">
        {unit === 'duels' ? score : grouped(score)}
        {rounded && '…'} <span className="muted">{unit}</span>
      </span>
    </p>
    <Bar width={width} look={leads ? 'standing-leads' : 'standing-open'} label={`${text}: ${score} ${unit}`} />
    {support !== undefined && <p className="muted standing-note">support {grouped(support)}</p>}
  </li>
);

const Bar = ({ width, look, label }: { width: number; look: string; label: string }) => (
  <svg className="standing-bar" viewBox="0 0 100 1" preserveAspectRatio="none" role="img" aria-label={label}>
    <rect className="standing-track" width="100" height="1" />
    <rect className={look} width={width} height="1" />
  </svg>
);
