// On a dataset's card: which agents are given its new versions.
import { dataHref } from '../../route.js';
import { plural } from '../../ui/figures.js';
import type { Card } from '../dataset.js';
import { fits } from './route.js';
import { ROUTES } from '../views.js';
import { useRoutes } from './use-routes.js';

/** Only the lab's own datasets are given to anybody. */
export function ReceiversSection({ card }: { card: Card }) {
  const { value } = useRoutes();
  if (!value) return null;
  const routes = value.routes.filter(({ enabled, match }) => enabled && fits(match, card));
  return (
    <section className="card about-card" aria-label="Who gets it" data-testid="receivers">
      <h2>Who gets it</h2>
      {routes.length === 0 ? (
        <p className="muted">No route fits it: new versions are given to no agent.</p>
      ) : (
        <ul className="receivers">
          {routes.map(({ routeId, name, to, waiting, failed }) => (
            <li key={routeId}>
              <strong>{to}</strong> <span className="muted">by “{name}”</span>
              {waiting > 0 && <span className="muted">, {waiting} on the way</span>}
              {failed > 0 && <span className="pill pill-bad">{plural(failed, 'delivery', 'deliveries')} given up</span>}
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href={dataHref(ROUTES)}>All routes</a>
      </p>
    </section>
  );
}
