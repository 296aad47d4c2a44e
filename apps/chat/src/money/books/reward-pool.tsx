// The pool that rewards and yield are paid from: what it holds, what of it is owed; filling it, and paying what is due now.
import { useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { useAsking } from '../../mcp/use-asking.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { CURRENCY, grouped } from '../amount.js';
import { AmountFigure } from '../amount-figure.js';
import type { RewardRules } from '../staking/stake.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { FillDialog } from './fill-dialog.js';

interface Paid {
  readonly paid: number;
  readonly amount: string;
  readonly pendingAmount: string;
}

export function RewardPool() {
  const parts = useParts();
  const { value, failure, refresh } = useAnswer<RewardRules>(TOOLS.rules, {});
  const [filling, setFilling] = useState(false);
  const [paid, setPaid] = useState<Paid>();
  const paying = useAsking<Paid>();
  const pay = async () => {
    setPaid(await paying.ask(TOOLS.distribute, {}));
    refresh();
  };
  return (
    <section className="section money-section" aria-labelledby="books-pool">
      <h2 id="books-pool">Rewards</h2>
      {failure && <FailureNotice failure={failure} />}
      {value && (
        <dl className="balances" data-testid="pool-figures">
          <Figure name="Pool" amount={value.pool} note="to pay rewards and yield from" />
          <Figure name="Owed" amount={value.owed} note="paid as soon as the pool has it" />
          <Figure name="Paid" amount={value.paid} note="so far, rewards and yield" />
          <Figure name="Yield" amount={value.epoch.amount} note="at most, for all stakes of an epoch" />
        </dl>
      )}
      <div className="row panel-actions">
        {parts.has('fill') && (
          <button type="button" className="button" data-testid="pool-fill" onClick={() => setFilling(true)}>
            Fill the pool…
          </button>
        )}
        {parts.has('distribute') && (
          <button
            type="button"
            className="button"
            data-testid="pool-pay"
            disabled={paying.busy}
            onClick={() => void pay()}
          >
            Pay what is due
          </button>
        )}
      </div>
      {paying.failure && <FailureNotice failure={paying.failure} />}
      {paid && (
        <p role="status" data-testid="pool-paid">
          {plural(paid.paid, 'reward')} paid, {grouped(paid.amount)} {CURRENCY}; {grouped(paid.pendingAmount)} are owed
          still. The lab does it by itself, too.
        </p>
      )}
      {filling && <FillDialog onMoved={refresh} onClose={() => setFilling(false)} />}
    </section>
  );
}

const Figure = ({ name, amount, note }: { name: string; amount: string; note: string }) => (
  <div className="card balance balance-plain">
    <dt className="balance-label">{name}</dt>
    <dd>
      <AmountFigure amount={amount} />
    </dd>
    <dd className="muted balance-note">{note}</dd>
  </div>
);
