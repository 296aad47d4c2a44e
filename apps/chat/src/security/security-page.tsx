// Security: what happened, what was unusual, what is allowed, and who holds tokens. Fetched when somebody looks at it first.
import type { ReactNode } from 'react';
import { useLab } from '../mcp/lab.js';
import { securityHref } from '../route.js';
import { ViewsOfPage } from '../ui/views-of-page.js';
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
  return (
    <div className="page">
      <ViewsOfPage label="Security" views={viewsFor(tools)} view={view} hrefOf={securityHref} linksToOne>
        {(shown) => contentOf(shown, item)}
      </ViewsOfPage>
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
