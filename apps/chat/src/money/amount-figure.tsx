// An amount that is looked at first: its whole part large, what is less than one smaller.
import { CURRENCY, grouped } from './amount.js';

export function AmountFigure({ amount, testId }: { amount: string; testId?: string }) {
  const [whole = '', parts = ''] = grouped(amount).split('.');
  return (
    <span className="balance-figure" data-testid={testId}>
      {whole}
      <span className="balance-parts">.{parts}</span> <span className="balance-currency">{CURRENCY}</span>
    </span>
  );
}
