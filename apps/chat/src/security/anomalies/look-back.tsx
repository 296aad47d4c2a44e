// "Look back": has the lab score recorded calls anew with the model of today. Nothing is stored, nobody is restricted.
import { useState } from 'react';
import { useCall } from '../../mcp/use-call.js';
import { formatWhole, plural, shortId } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { featureText, formatScore, type Reason } from './anomaly.js';
import { ShareBars } from './share-bars.js';

const STRETCHES = [
  { hours: 1, label: 'the last hour' },
  { hours: 24, label: 'the last 24 hours' },
  { hours: 168, label: 'the last 7 days' },
] as const;

interface Scan {
  readonly scored: number;
  readonly unusual: number;
  readonly per10000Calls: number;
  readonly complete: boolean;
  readonly scoredUntil?: string;
  readonly wallets: readonly {
    readonly walletId: string | null;
    readonly unusual: number;
    readonly score: number;
    readonly reasons: readonly Reason[];
    readonly summary: string;
  }[];
  readonly model: { readonly name: string; readonly trained: string; readonly threshold: number };
}

export function LookBack() {
  const [open, setOpen] = useState(false);
  const [hours, setHours] = useState<number>(24);
  const { state, run, cancel } = useCall();
  const close = () => {
    cancel();
    setOpen(false);
  };
  const start = () =>
    void run('sentinel_scan_for_anomalies', { from: new Date(Date.now() - hours * 3_600_000).toISOString() });
  const progress = state.status === 'running' ? state.updates.at(-1) : undefined;
  return (
    <>
      <button type="button" className="button" data-testid="look-back" onClick={() => setOpen(true)}>
        Look back
      </button>
      {open && (
        <QuestionDialog
          title="Look back with today’s model"
          testId="look-back-dialog"
          action={state.status === 'done' ? 'Again' : 'Score them'}
          busy={state.status === 'running'}
          onSubmit={start}
          onClose={close}
        >
          <label className="look-back-choice">
            <span>Recorded calls of</span>
            <select
              className="input input-short"
              value={hours}
              onChange={(event) => setHours(Number(event.target.value))}
            >
              {STRETCHES.map((stretch) => (
                <option key={stretch.hours} value={stretch.hours}>
                  {stretch.label}
                </option>
              ))}
            </select>
          </label>
          <p className="muted">What wallets did is scored anew. Nothing is stored and nobody is restricted.</p>
          {state.status === 'running' && (
            <progress
              className="progress"
              aria-label="Progress"
              {...(progress?.total ? { value: progress.progress, max: progress.total } : {})}
            />
          )}
          {state.status === 'failed' && <FailureNotice failure={state.failure} />}
          {state.status === 'done' && <Found scan={state.result.structuredContent as Scan} />}
        </QuestionDialog>
      )}
    </>
  );
}

const Found = ({ scan }: { scan: Scan }) => (
  <div className="check-result" data-testid="look-back-result" role="status">
    <p>
      <strong>{plural(scan.unusual, 'unusual call')}</strong> of {scan.scored.toLocaleString('en')}
      {scan.scored > 0 && `, ${formatScore(scan.per10000Calls)} for each 10,000`}.
      {!scan.complete && scan.scoredUntil !== undefined && ` It got as far as ${formatWhole(scan.scoredUntil)}.`}
    </p>
    {scan.wallets.map((wallet) => (
      <details key={wallet.walletId ?? ''}>
        <summary>
          {wallet.walletId === null ? 'nobody' : shortId(wallet.walletId)}: {plural(wallet.unusual, 'call')}, score{' '}
          {formatScore(wallet.score)}
        </summary>
        <p>{wallet.summary}</p>
        <ShareBars bars={wallet.reasons.map(({ feature, share }) => ({ name: featureText(feature), share }))} />
      </details>
    ))}
    <p className="muted">
      {scan.model.name}, trained {scan.model.trained}, unusual above {formatScore(scan.model.threshold)}.
    </p>
  </div>
);
