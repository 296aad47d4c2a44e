// Which agents are given which datasets as they land, what arrived and what did not; for whoever may, also to change it.
import { useEffect, useState } from 'react';
import { dataHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { useParts } from '../use-parts.js';
import { RouteCard } from './route-card.js';
import { RouteDialog } from './route-dialog.js';
import { useRoutes } from './use-routes.js';

export function RoutesView() {
  const parts = useParts();
  const { value, failure, busy, refresh } = useRoutes();
  const [adding, setAdding] = useState(false);
  const mayChange = parts.has('route');
  useEffect(() => {
    document.title = 'Routes · Data · LabMesh';
  }, []);
  return (
    <>
      <BackLink href={dataHref()}>All datasets</BackLink>
      <div className="page-head">
        <div>
          <h1>Routes</h1>
          <p className="muted">Which agents are given the lab’s datasets, version by version, as they land.</p>
        </div>
        <div className="page-actions">
          <button type="button" className="button" disabled={busy} data-testid="routes-refresh" onClick={refresh}>
            {busy && value ? 'Looking…' : 'Look again'}
          </button>
          {mayChange && value && (
            <button type="button" className="button button-main" data-testid="route-new" onClick={() => setAdding(true)}>
              New route
            </button>
          )}
        </div>
      </div>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the routes…" lines={4} />}
      {value && value.routes.length === 0 && (
        <div className="nothing" data-testid="routes-nothing">
          <p>No route is set: nothing is given to any agent.</p>
          <p className="muted">
            {mayChange
              ? `A new one can lead to ${value.agents.join(', ')}.`
              : 'Whoever may set routes, such as the operator, can make one.'}
          </p>
        </div>
      )}
      {value && value.routes.length > 0 && (
        <ul className="routes" aria-busy={busy} aria-label={plural(value.routes.length, 'route')} data-testid="routes">
          {value.routes.map((route) => (
            <RouteCard key={route.routeId} route={route} agents={value.agents} mayChange={mayChange} onChanged={refresh} />
          ))}
        </ul>
      )}
      {adding && value && (
        <RouteDialog
          route={undefined}
          agents={value.agents}
          onDone={() => {
            setAdding(false);
            refresh();
          }}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  );
}
