// One route: what it takes, how much arrived, what was given up and why, and what can be done about it.
import { useState } from 'react';
import { dataHref } from '../../route.js';
import { formatFromNow, formatWhole, plural } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { matchText, type Route, type RouteFailure } from './route.js';
import { RouteDialog } from './route-dialog.js';
import { type RouteChange, useSetRoute } from './use-routes.js';

interface RouteCardProps {
  readonly route: Route;
  readonly agents: readonly string[];
  readonly mayChange: boolean;
  readonly onChanged: () => void;
}

export function RouteCard({ route, agents, mayChange, onChanged }: RouteCardProps) {
  return (
    <li className="card route" data-testid={`route-${route.routeId}`}>
      <div className="route-head">
        <h2>{route.name}</h2>
        <span className={route.enabled ? 'pill pill-good' : 'badge badge-read'}>{route.enabled ? 'on' : 'off'}</span>
        {route.failed > 0 && <span className="pill pill-bad">{plural(route.failed, 'delivery', 'deliveries')} given up</span>}
      </div>
      <p>
        Gives the <strong>{route.to}</strong> {matchText(route.match)}.
      </p>
      <ul className="dataset-facts">
        <li>{route.delivered.toLocaleString('en')} arrived</li>
        {route.waiting > 0 && <li>{route.waiting.toLocaleString('en')} on the way</li>}
        {route.lastDeliveredAt && (
          <li title={formatWhole(route.lastDeliveredAt)}>the last {formatFromNow(route.lastDeliveredAt, Date.now())}</li>
        )}
      </ul>
      {route.failures.length > 0 && <Failures failures={route.failures} of={route.failed} />}
      {mayChange && <RouteActions route={route} agents={agents} onChanged={onChanged} />}
    </li>
  );
}

const Failures = ({ failures, of }: { failures: readonly RouteFailure[]; of: number }) => (
  <details className="route-failures" data-testid="route-failures">
    <summary>What was given up, and why{of > failures.length ? ` (the newest ${failures.length} of ${of})` : ''}</summary>
    <ul>
      {failures.map(({ deliveryId, datasetId, version, attempts, error, at }) => (
        <li key={deliveryId}>
          {datasetId === null ? (
            'A packet'
          ) : (
            <a className="mono" href={dataHref(datasetId, undefined, { version: version ?? undefined })}>
              {datasetId}
            </a>
          )}
          {version !== null && ` version ${version}`}{' '}
          <span className="muted" title={formatWhole(at)}>
            {formatFromNow(at, Date.now())}, after {plural(attempts, 'attempt')}
          </span>
          <br />
          {error}
        </li>
      ))}
    </ul>
  </details>
);

type Asked = 'change' | 'remove' | 'replay-all';

function RouteActions({ route, agents, onChanged }: Omit<RouteCardProps, 'mayChange'>) {
  const { busy, failure, set } = useSetRoute(onChanged);
  const [asked, setAsked] = useState<Asked>();
  const [told, setTold] = useState('');
  const { routeId, enabled, failed, name } = route;
  const close = () => setAsked(undefined);
  const run = async (change: RouteChange) => {
    setTold('');
    const changed = await set({ routeId, ...change });
    if (changed && change.replay) setTold(`Sending ${plural(changed.replayed, 'delivery', 'deliveries')} again.`);
    close();
  };
  const button = (text: string, id: string, onClick: () => void) => (
    <button type="button" className="button button-small" disabled={busy} data-testid={id} onClick={onClick}>
      {text}
    </button>
  );
  return (
    <>
      <div className="row route-buttons">
        {failed > 0 && button('Send the given up again', 'route-replay', () => void run({ replay: 'failed' }))}
        {enabled && button('Send everything again', 'route-replay-all', () => setAsked('replay-all'))}
        {button('Change', 'route-change', () => setAsked('change'))}
        {button(enabled ? 'Switch off' : 'Switch on', 'route-switch', () => void run({ enabled: !enabled }))}
        {button('Remove', 'route-remove', () => setAsked('remove'))}
      </div>
      <p role="status" className="muted">
        {told}
      </p>
      {failure && <FailureNotice failure={failure} />}
      {asked === 'change' && (
        <RouteDialog
          route={route}
          agents={agents}
          onDone={() => {
            close();
            onChanged();
          }}
          onClose={close}
        />
      )}
      {asked === 'remove' && (
        <QuestionDialog
          title={`Remove the route “${name}”?`}
          testId="route-remove-dialog"
          action="Remove it"
          dangerous
          busy={busy}
          onSubmit={() => void run({ remove: true })}
          onClose={close}
        >
          <p>New versions are not given to the {route.to} by it any more, and what is on the way is given up. What arrived stays there.</p>
        </QuestionDialog>
      )}
      {asked === 'replay-all' && (
        <QuestionDialog
          title="Send everything again?"
          testId="route-replay-dialog"
          action="Send it"
          busy={busy}
          onSubmit={() => void run({ replay: 'all' })}
          onClose={close}
        >
          <p>The last version of every dataset that fits goes to the {route.to} once more, also what has arrived before.</p>
        </QuestionDialog>
      )}
    </>
  );
}
