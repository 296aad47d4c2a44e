// What a wallet has set aside for others and others for it, and what can be done with it: taken, or given back.
import { useEffect, useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { useAnswer } from '../../mcp/use-answer.js';
import { jobsHref } from '../../route.js';
import { formatFromNow, formatWhole, shortId } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { CURRENCY, grouped, microOf } from '../amount.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import type { Hold } from './hold.js';
import { CaptureDialog, ReleaseDialog } from './hold-dialogs.js';

interface HoldsSectionProps {
  readonly walletId: string;
  readonly turn: number;
  readonly onMoved: () => void;
}

interface Doing {
  readonly hold: Hold;
  readonly what: 'capture' | 'release';
}

export function HoldsSection({ walletId, turn, onMoved }: HoldsSectionProps) {
  const { value, failure, refresh } = useAnswer<{ holds: readonly Hold[] }>(TOOLS.holds, { walletId, limit: 200 });
  const [doing, setDoing] = useState<Doing>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew when something was paid
  useEffect(refresh, [turn]);
  if (failure) return <FailureNotice failure={failure} />;
  if (!value || value.holds.length === 0) return null;
  const close = () => setDoing(undefined);
  return (
    <section className="section money-section" aria-labelledby="money-holds">
      <h2 id="money-holds">Set aside</h2>
      <ul className="holds" data-testid="holds">
        {value.holds.map((hold) => (
          <HoldCard key={hold.holdId} hold={hold} walletId={walletId} onDo={(what) => setDoing({ hold, what })} />
        ))}
      </ul>
      {doing?.what === 'capture' && <CaptureDialog hold={doing.hold} onMoved={onMoved} onClose={close} />}
      {doing?.what === 'release' && <ReleaseDialog hold={doing.hold} onMoved={onMoved} onClose={close} />}
    </section>
  );
}

interface HoldCardProps {
  readonly hold: Hold;
  readonly walletId: string;
  readonly onDo: (what: Doing['what']) => void;
}

function HoldCard({ hold, walletId, onDo }: HoldCardProps) {
  const { session } = useLab();
  const parts = useParts();
  const { from, to, amount, captured, left, expiresAt, memo } = hold;
  const incoming = to === walletId;
  const operator = session.role === 'operator';
  // A job's end takes what it cost, and nobody does before.
  const job = to === 'treasury' ? memo : null;
  // The lab decides it again: the receiver takes or gives back, the payer may hand it over early.
  const capturable = job === null && parts.has('capture') && (to === session.walletId || from === session.walletId);
  const releasable = parts.has('release') && (to === session.walletId || operator);
  const other = incoming ? from : to;
  return (
    <li className="card hold">
      <div className="hold-head">
        <strong className="hold-figure">
          {grouped(left)} <span className="balance-currency">{CURRENCY}</span>
        </strong>
        <span className={incoming ? 'badge badge-here' : 'badge badge-write'}>{incoming ? 'for you' : 'by you'}</span>
      </div>
      <p>
        {incoming ? 'From' : 'For'}{' '}
        {job === null ? (
          <span className="mono" title={other}>
            {shortId(other)}
          </span>
        ) : (
          <a href={jobsHref('list', job)} data-testid="hold-job">
            what a job may cost
          </a>
        )}
        {job === null && memo !== null && `: ${memo}`}
      </p>
      <p className="muted">
        <span title={formatWhole(expiresAt)}>Ends {formatFromNow(expiresAt, Date.now())}</span>
        {microOf(captured) > 0n && `; ${grouped(captured)} of ${grouped(amount)} taken`}
      </p>
      <div className="row">
        {capturable && (
          <button
            type="button"
            className="button button-small"
            data-testid="hold-capture"
            onClick={() => onDo('capture')}
          >
            {incoming ? 'Take…' : 'Hand over…'}
          </button>
        )}
        {releasable && (
          <button
            type="button"
            className="button button-small"
            data-testid="hold-release"
            onClick={() => onDo('release')}
          >
            {incoming ? 'Give back…' : 'Release…'}
          </button>
        )}
      </div>
    </li>
  );
}
