// The books at a glance: whether they are clean, all money there is, and how much was looked at.
import type { ReactNode } from 'react';
import { AmountFigure } from '../amount-figure.js';
import type { Check } from './check-list.js';

export interface Books {
  readonly clean: boolean;
  readonly accounts: number;
  readonly transactions: number;
  readonly entries: number;
  readonly checks: readonly Check[];
  readonly issued: string;
  readonly at: string;
}

export function BooksFigures({ books: { clean, issued, accounts, transactions, entries, checks } }: { books: Books }) {
  const wrong = checks.filter((check) => check.wrong > 0).length;
  return (
    <dl className="balances" data-testid="books-figures">
      <Figure
        name="State"
        note={clean ? `all ${checks.length} invariants hold` : `${wrong} of ${checks.length} do not hold`}
      >
        <span className={clean ? 'pill pill-good' : 'pill pill-bad'} data-testid="books-clean">
          {clean ? 'clean' : 'not clean'}
        </span>
      </Figure>
      <Figure name="Issued" note="all there is">
        <AmountFigure amount={issued} />
      </Figure>
      <Figure name="Transactions" note={`${entries.toLocaleString('en')} entries`}>
        {transactions.toLocaleString('en')}
      </Figure>
      <Figure name="Accounts" note="of wallets and of the lab">
        {accounts.toLocaleString('en')}
      </Figure>
    </dl>
  );
}

const Figure = ({ name, note, children }: { name: string; note: string; children: ReactNode }) => (
  <div className="card balance balance-plain">
    <dt className="balance-label">{name}</dt>
    <dd className="balance-figure">{children}</dd>
    <dd className="muted balance-note">{note}</dd>
  </div>
);
