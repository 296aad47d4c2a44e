// The anomalies of one wallet: for each its score against the threshold, what it consists of, and what was done.

import { securityHref } from '../../route.js';
import { formatFromNow, formatTime, formatWhole, plural, shortId } from '../../ui/figures.js';
import { type Anomaly, featureText, headOf, timesText, VERDICTS, type WalletGroup } from './anomaly.js';
import { ScoreBar } from './score-bar.js';
import { ShareBars } from './share-bars.js';

interface AnomalyGroupProps {
  readonly group: WalletGroup;
  readonly onResolve: ((anomaly: Anomaly) => void) | undefined;
}

export function AnomalyGroup({ group, onResolve }: AnomalyGroupProps) {
  const { walletId, anomalies } = group;
  const id = `wallet-${walletId ?? 'nobody'}`;
  return (
    <section className="anomaly-group" aria-labelledby={id}>
      <h2 id={id}>
        {walletId === null ? (
          'Nobody could be identified'
        ) : (
          <a className="mono" href={securityHref('tokens', walletId)} title={walletId}>
            {shortId(walletId)}
          </a>
        )}
        <span className="muted"> {plural(anomalies.length, 'anomaly', 'anomalies')}</span>
      </h2>
      <ul className="anomaly-cards">
        {anomalies.map((anomaly) => (
          <AnomalyCard key={anomaly.id} anomaly={anomaly} onResolve={onResolve} />
        ))}
      </ul>
    </section>
  );
}

function AnomalyCard({ anomaly, onResolve }: { anomaly: Anomaly; onResolve: AnomalyGroupProps['onResolve'] }) {
  const { model, agent, tool, calls, callId, firstAt, lastAt, reasons, summary, state } = anomaly;
  return (
    <li className="card anomaly" data-testid={`anomaly-${anomaly.id}`}>
      <div className="token-head">
        <div>
          <h3>{model === 'content' ? 'Unusual text of a call' : 'Unusual behaviour'}</h3>
          <p className="muted">
            {plural(calls, 'call')}, <time title={formatWhole(firstAt)}>{formatTime(firstAt)}</time>
            {firstAt !== lastAt && (
              <>
                {' to '}
                <time title={formatWhole(lastAt)}>{formatTime(lastAt)}</time>
              </>
            )}
            {', most unusual: '}
            <a href={securityHref('audit', callId)}>
              {agent} {tool}
            </a>
          </p>
        </div>
        <StatePill anomaly={anomaly} />
      </div>
      <p>{reasons.length > 0 ? headOf(summary) : summary}</p>
      <ScoreBar score={anomaly.score} threshold={anomaly.threshold} label={timesText(anomaly)} />
      {reasons.length > 0 && (
        <ShareBars bars={reasons.map(({ feature, share }) => ({ name: featureText(feature), share }))} />
      )}
      <Done anomaly={anomaly} />
      {state === 'open' && onResolve && (
        <div>
          <button
            type="button"
            className="button button-small"
            data-testid={`resolve-${anomaly.id}`}
            onClick={() => onResolve(anomaly)}
          >
            Resolve…
          </button>
        </div>
      )}
    </li>
  );
}

function StatePill({ anomaly: { restricted, state, verdict } }: { anomaly: Anomaly }) {
  if (restricted) return <span className="pill pill-bad">restricted</span>;
  if (state === 'open') return <span className="pill badge-write">open</span>;
  const label = VERDICTS.find((each) => each.verdict === verdict)?.label ?? 'resolved';
  return (
    <span className={verdict === 'false_alarm' ? 'pill badge-read' : 'pill pill-good'}>{label.toLowerCase()}</span>
  );
}

function Done({ anomaly }: { anomaly: Anomaly }) {
  const { done, enforced, until, restricted, resolvedAt, resolvedBy, note } = anomaly;
  return (
    <div className="anomaly-done">
      <p>
        <span className="muted">{enforced ? 'Done: ' : 'Not done, the policy only watches: '}</span>
        {done}
        {restricted && until !== undefined && <span className="muted"> · ends {formatFromNow(until, Date.now())}</span>}
      </p>
      {resolvedAt !== undefined && (
        <p>
          <span className="muted">
            Resolved {formatFromNow(resolvedAt, Date.now())}
            {resolvedBy === undefined ? '' : ` by ${shortId(resolvedBy)}`}
            {note ? ': ' : '.'}
          </span>
          {note}
        </p>
      )}
    </div>
  );
}
