// Anomalies: whose calls were unusual, how much and why, what was done, and the word of whoever looked into it.
import { type ReactNode, useState } from 'react';
import { usePartsIn } from '../../mcp/parts.js';
import { type Answer, useAnswer } from '../../mcp/use-answer.js';
import { plural } from '../../ui/figures.js';
import { Icon } from '../../ui/icon.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { ShowMore } from '../../ui/show-more.js';
import { type Anomaly, type AnomalyReport, byWallet, formatScore } from './anomaly.js';
import { AnomalyGroup } from './anomaly-group.js';
import { LookBack } from './look-back.js';
import { ResolveDialog } from './resolve-dialog.js';

const REPORT = 'sentinel_anomaly_report';
const TOOLS = { resolve: 'sentinel_resolve_anomaly', scan: 'sentinel_scan_for_anomalies' } as const;
const PAGE = 50;

type Show = 'open' | 'resolved';

export function AnomaliesView() {
  const parts = usePartsIn(TOOLS);
  const [state, setState] = useState<Show>('open');
  const [limit, setLimit] = useState(PAGE);
  const [resolving, setResolving] = useState<Anomaly>();
  const answer = useAnswer<AnomalyReport>(REPORT, { state, limit });
  const { value } = answer;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Anomalies</h1>
          {value && <p className="muted">{plural(value.summary.open, 'anomaly', 'anomalies')} that nobody resolved</p>}
        </div>
        <div className="page-actions">
          <button type="button" className="button" onClick={answer.refresh} aria-busy={answer.busy}>
            <Icon name="refresh" />
            Refresh
          </button>
          {parts.has('scan') && <LookBack />}
        </div>
      </div>
      {value && <Figures report={value} />}
      <fieldset className="views" aria-label="Which anomalies">
        {(['open', 'resolved'] as const).map((each) => (
          <button
            key={each}
            type="button"
            data-testid={`anomalies-${each}`}
            aria-pressed={state === each}
            onClick={() => setState(each)}
          >
            {each === 'open' ? 'Open' : 'Resolved'}
          </button>
        ))}
      </fieldset>
      <AnomalyList answer={answer} state={state} onResolve={parts.has('resolve') ? setResolving : undefined} />
      {value?.next !== undefined && <ShowMore limit={limit} busy={answer.busy} onLimit={setLimit} />}
      {resolving && (
        <ResolveDialog
          anomaly={resolving}
          onClose={() => setResolving(undefined)}
          onDone={() => {
            setResolving(undefined);
            answer.refresh();
          }}
        />
      )}
    </>
  );
}

interface AnomalyListProps {
  readonly answer: Answer<AnomalyReport>;
  readonly state: Show;
  readonly onResolve: ((anomaly: Anomaly) => void) | undefined;
}

function AnomalyList({ answer, state, onResolve }: AnomalyListProps) {
  const { value, failure, busy } = answer;
  if (failure) return <FailureNotice failure={failure} />;
  if (!value) return <Waiting label="Fetching the anomalies…" lines={6} />;
  // While the other state is fetched, what is there is of the one before.
  const anomalies = value.anomalies.filter((anomaly) => anomaly.state === state);
  if (anomalies.length === 0 && busy) return <Waiting label="Fetching the anomalies…" lines={6} />;
  if (anomalies.length === 0) {
    return (
      <div className="nothing" data-testid="anomalies-nothing">
        <p>{state === 'open' ? 'Nothing unusual is open.' : 'Nothing was resolved yet.'}</p>
        {state === 'open' && <p className="muted">Every call is scored; what stands out shows up here.</p>}
      </div>
    );
  }
  return (
    <div className="anomaly-groups" data-testid="anomalies" aria-busy={busy}>
      {byWallet(anomalies).map((group) => (
        <AnomalyGroup key={group.walletId ?? ''} group={group} onResolve={onResolve} />
      ))}
    </div>
  );
}

function Figures({ report }: { report: AnomalyReport }) {
  const { scoring, models, per10000Calls, calls } = report.summary;
  return (
    <dl className="key-figures card">
      <Figure
        name="For each 10,000 calls"
        value={formatScore(per10000Calls)}
        note={`of ${calls.toLocaleString('en')} calls`}
      />
      <Figure
        name="Calls scored"
        value={scoring.scored.toLocaleString('en')}
        note={scoringNote(scoring)}
        bad={scoring.dropped > 0 || scoring.without > 0}
      />
      {models.map(({ model, threshold, trained, falseAlarmRate }) => (
        <Figure
          key={model}
          name={model === 'content' ? 'Texts of calls' : 'Behaviour of wallets'}
          value={`above ${formatScore(threshold)}`}
          note={`trained ${trained}${falseAlarmRate === undefined ? '' : `, ${falseAlarmRate}`}`}
        />
      ))}
    </dl>
  );
}

function scoringNote({ processes, without, dropped }: AnomalyReport['summary']['scoring']): string {
  const parts = [`by ${plural(processes, 'process', 'processes')}`];
  if (without > 0) parts.push(`${without} cannot score`);
  if (dropped > 0) parts.push(`${dropped.toLocaleString('en')} given up`);
  return parts.join(', ');
}

const Figure = ({ name, value, note, bad }: { name: string; value: ReactNode; note: string; bad?: boolean }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      <strong>{value}</strong>
      <span className={bad ? 'problem' : 'muted'}>{note}</span>
    </dd>
  </div>
);
