// Security: what happened, what was unusual, what is allowed, and who holds tokens. Fetched when somebody looks at it first.
import { type ReactNode, useEffect } from 'react';
import { useLab } from '../mcp/lab.js';
import { securityHref } from '../route.js';
import { FaultBoundary } from '../ui/fault-boundary.js';
import { Notice } from '../ui/notice.js';
import { AnomaliesView } from './anomalies/anomalies-view.js';
import { AuditView } from './audit/audit-view.js';
import { PoliciesView } from './policies/policies-view.js';
import { TokensView } from './tokens/tokens-view.js';
import { type View, viewsFor } from './views.js';
import '../styles/views.css';
import '../styles/security.css';
import '../styles/audit.css';
import '../styles/anomalies.css';
import '../styles/policies.css';

export function SecurityPage({ view, item }: { view: string | undefined; item: string | undefined }) {
  const { tools } = useLab();
  const views = viewsFor(tools);
  const shown = view === undefined ? views[0] : views.find((each) => each.view === view);
  useEffect(() => {
    if (shown) document.title = `${shown.label} · Security · LabMesh`;
  }, [shown]);
  return (
    <div className="page">
      <nav className="views" aria-label="Security">
        {views.map((each) => (
          <a
            key={each.view}
            href={securityHref(each.view)}
            data-testid={`view-${each.view}`}
            aria-current={each === shown ? 'page' : undefined}
          >
            {each.label}
          </a>
        ))}
      </nav>
      {shown ? (
        <FaultBoundary key={shown.view}>{contentOf(shown.view, item)}</FaultBoundary>
      ) : (
        <Notice title="This is not for this sign-in.">
          <p>The lab lists none of the tools that this view needs. Ask the operator for a wallet with such a role.</p>
        </Notice>
      )}
    </div>
  );
}

function contentOf(view: View['view'], item: string | undefined): ReactNode {
  switch (view) {
    case 'audit':
      return <AuditView key={item} callId={item} />;
    case 'tokens':
      return <TokensView key={item} walletId={item} />;
    case 'anomalies':
      return <AnomaliesView />;
    case 'policies':
      return <PoliciesView key={item} version={item} />;
    default:
      return view satisfies never;
  }
}
