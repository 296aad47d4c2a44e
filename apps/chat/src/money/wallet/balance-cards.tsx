// What a wallet has, by what it may do with it. A card chooses whose history is shown.
import { AmountFigure } from '../amount-figure.js';
import type { Account, Balances } from './entry.js';

const CARDS = [
  { name: 'available', label: 'Available', note: 'to pay with' },
  { name: 'staked', label: 'Staked', note: 'votes and earns' },
  { name: 'held', label: 'Set aside', note: 'for others, until they take it' },
] as const satisfies ReadonlyArray<{ name: Account; label: string; note: string }>;

interface BalanceCardsProps {
  readonly balances: Balances;
  readonly account: Account;
  readonly onAccount: (account: Account) => void;
}

export function BalanceCards({ balances, account, onAccount }: BalanceCardsProps) {
  const amounts = { available: balances.balance, staked: balances.staked, held: balances.held };
  return (
    <fieldset className="balances" data-testid="balances">
      <legend className="sr-only">Account whose history is shown</legend>
      {CARDS.map(({ name, label, note }) => {
        const amount = amounts[name];
        return amount === undefined ? null : (
          <label key={name} className="card balance">
            <input
              type="radio"
              name="account"
              className="sr-only"
              checked={name === account}
              onChange={() => onAccount(name)}
            />
            <span className="balance-label">{label}</span>
            <AmountFigure amount={amount} testId={`balance-${name}`} />
            <span className="muted balance-note">{note}</span>
          </label>
        );
      })}
      {balances.pending !== undefined && (
        <div className="card balance balance-plain">
          <span className="balance-label">Pending</span>
          <AmountFigure amount={balances.pending} testId="balance-pending" />
          <span className="muted balance-note">set aside for this wallet</span>
        </div>
      )}
    </fieldset>
  );
}
