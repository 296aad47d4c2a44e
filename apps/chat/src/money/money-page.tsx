// Money: a wallet with its history, its stakes, what is proposed and decided and, for the operator, the books. Fetched when somebody looks at it first.
import type { ReactNode } from 'react';
import { useLab } from '../mcp/lab.js';
import { moneyHref } from '../route.js';
import { ViewsOfPage } from '../ui/views-of-page.js';
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
  return (
    <div className="page money">
      <ViewsOfPage label="Money" views={viewsFor(tools)} view={view} hrefOf={moneyHref}>
        {(shown) => contentOf(shown, item, new URLSearchParams(asked))}
      </ViewsOfPage>
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
