// Stakes one by one: how much, locked until when, and what of it is on its way back.
import { formatFromNow, formatWhole } from '../../ui/figures.js';
import { CURRENCY, grouped, microOf } from '../amount.js';
import { useParts } from '../use-parts.js';
import type { Stake, Stakes } from './stake.js';

interface StakeListProps {
  readonly stakes: Stakes;
  readonly onUnstake: (stake: Stake) => void;
  readonly onMore: () => void;
}

export const StakeList = ({ stakes: { stakes, nextCursor }, onUnstake, onMore }: StakeListProps) => (
  <section className="section money-section" aria-labelledby="stakes-title">
    <h2 id="stakes-title">Your stakes</h2>
    {stakes.length === 0 && (
      <div className="nothing" data-testid="stakes-nothing">
        <p>You have nothing staked.</p>
        <p className="muted">What you stake earns from then on, and counts in votes whose snapshot comes after it.</p>
      </div>
    )}
    {stakes.length > 0 && (
      <ul className="holds" data-testid="stakes">
        {stakes.map((stake) => (
          <StakeCard key={stake.stakeId} stake={stake} onUnstake={() => onUnstake(stake)} />
        ))}
      </ul>
    )}
    {nextCursor !== undefined && (
      <button type="button" className="button" onClick={onMore}>
        Show older
      </button>
    )}
  </section>
);

function StakeCard({ stake, onUnstake }: { stake: Stake; onUnstake: () => void }) {
  const parts = useParts();
  const { amount, left, stakedAt, lockedUntil, locked, unstakings } = stake;
  const nowMs = Date.now();
  return (
    <li className="card hold">
      <div className="hold-head">
        <strong className="hold-figure">
          {grouped(left)} <span className="balance-currency">{CURRENCY}</span>
        </strong>
        <span className={locked ? 'badge badge-write' : 'badge badge-here'}>{locked ? 'locked' : 'free'}</span>
      </div>
      <p className="muted">
        {left === amount ? 'Staked ' : `Of ${grouped(amount)}, staked `}
        <span title={formatWhole(stakedAt)}>{formatFromNow(stakedAt, nowMs)}</span>
        {locked ? ', locked until ' : ', free since '}
        <span title={formatFromNow(lockedUntil, nowMs)}>{formatWhole(lockedUntil)}</span>
      </p>
      {unstakings.map(({ unstakingId, amount: back, dueAt, returned }) => (
        <p key={unstakingId} className="muted">
          {grouped(back)} {returned ? 'came back' : `comes back ${formatFromNow(dueAt, nowMs)}`}
        </p>
      ))}
      {parts.has('unstake') && !locked && microOf(left) > 0n && (
        <div>
          <button type="button" className="button button-small" data-testid="unstake-open" onClick={onUnstake}>
            Ask it back…
          </button>
        </div>
      )}
    </li>
  );
}
