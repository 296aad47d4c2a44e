// Money: a wallet with its history, its stakes, what is proposed and decided and, for the operator, the books. Fetched when somebody looks at it first.
import { type ReactNode, useEffect } from 'react';
import { useLab } from '../mcp/lab.js';
import { moneyHref } from '../route.js';
import { FaultBoundary } from '../ui/fault-boundary.js';
import { Notice } from '../ui/notice.js';
import { BooksView } from './books/books-view.js';
import { ProposalsView } from './proposals/proposals-view.js';
import { StakingView } from './staking/staking-view.js';
import { type View, viewsFor } from './views.js';
import { WalletView } from './wallet/wallet-view.js';
import '../styles/views.css';
import '../styles/data.css';
import '../styles/money.css';
import '../styles/money-lists.css';
import '../styles/proposals.css';

export interface MoneyRoute {
  readonly view: string | undefined;
  readonly item: string | undefined;
  readonly asked: string;
}

export function MoneyPage({ view, item, asked }: MoneyRoute) {
  const { tools } = useLab();
  const views = viewsFor(tools);
  const shown = view === undefined ? views[0] : views.find((each) => each.view === view);
  useEffect(() => {
    if (shown) document.title = `${shown.label} · Money · LabMesh`;
  }, [shown]);
  return (
    <div className="page money">
      {views.length > 1 && (
        <nav className="views" aria-label="Money">
          {views.map((each) => (
            <a
              key={each.view}
              href={moneyHref(each.view)}
              data-testid={`view-${each.view}`}
              aria-current={each === shown ? 'page' : undefined}
            >
              {each.label}
            </a>
          ))}
        </nav>
      )}
      {shown ? (
        <FaultBoundary key={shown.view}>{contentOf(shown.view, item, new URLSearchParams(asked))}</FaultBoundary>
      ) : (
        <Notice title="This is not for this sign-in.">
          <p>The lab lists none of the tools that this view needs. Ask the operator for a wallet with such a role.</p>
        </Notice>
      )}
    </div>
  );
}

function contentOf(view: View['view'], item: string | undefined, asked: URLSearchParams): ReactNode {
  switch (view) {
    case 'wallet':
      return <WalletView key={item} walletId={item} asked={asked} />;
    case 'staking':
      return <StakingView />;
    case 'proposals':
      return <ProposalsView key={item} item={item} asked={asked} />;
    case 'books':
      return <BooksView />;
    default:
      return view satisfies never;
  }
}
