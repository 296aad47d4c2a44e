// Staking: what is put in, until when, what it earns, and a way to put in more or ask it back.
import { useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { CURRENCY, grouped } from '../amount.js';
import { AmountFigure } from '../amount-figure.js';
import { secondsText } from '../proposals/parameter.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import type { Balances } from '../wallet/entry.js';
import { EarningsSection } from './earnings-section.js';
import type { Earnings, RewardRules, Stake, Stakes } from './stake.js';
import { StakeDialog } from './stake-dialog.js';
import { StakeList } from './stake-list.js';
import { UnstakeDialog } from './unstake-dialog.js';

export function StakingView() {
  const parts = useParts();
  const [limit, setLimit] = useState(20);
  const stakes = useAnswer<Stakes>(TOOLS.stakes, { limit });
  const balances = useAnswer<Balances>(TOOLS.balance, { limit: 0 });
  const earnings = useAnswer<Earnings>(TOOLS.earnings, {});
  const rules = useAnswer<RewardRules>(TOOLS.rules, {});
  const [dialog, setDialog] = useState<Stake | 'new'>();
  const moved = () => {
    for (const { refresh } of [stakes, balances, earnings, rules]) refresh();
  };
  const close = () => setDialog(undefined);
  const { value, failure } = stakes;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Staking</h1>
          <p className="muted">
            Stakes count in votes, and earn by amount and time. {rules.value && yieldText(rules.value)}
          </p>
        </div>
        {parts.has('stake') && balances.value && (
          <div className="page-actions">
            <button
              type="button"
              className="button button-main"
              data-testid="stake-open"
              onClick={() => setDialog('new')}
            >
              Stake
            </button>
          </div>
        )}
      </div>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the stakes…" lines={6} />}
      {value && <Figures stakes={value} balances={balances.value} earnings={earnings.value} />}
      {value && <StakeList stakes={value} onUnstake={setDialog} onMore={() => setLimit(Math.min(100, limit * 2))} />}
      {earnings.failure && <FailureNotice failure={earnings.failure} />}
      {earnings.value && <EarningsSection earnings={earnings.value} reasons={rules.value?.unrewarded ?? []} />}
      {dialog === 'new' && balances.value && (
        <StakeDialog balance={balances.value.balance} rules={rules.value} onMoved={moved} onClose={close} />
      )}
      {dialog !== undefined && dialog !== 'new' && <UnstakeDialog stake={dialog} onMoved={moved} onClose={close} />}
    </>
  );
}

const yieldText = ({ epoch, pool }: RewardRules): string =>
  `All together they are paid up to ${grouped(epoch.amount)} ${CURRENCY} every ${secondsText(String(epoch.seconds)).replace(/^1 /, '')}; the pool holds ${grouped(pool)}.`;

interface FiguresProps {
  readonly stakes: Stakes;
  readonly balances: Balances | undefined;
  readonly earnings: Earnings | undefined;
}

const Figures = ({ stakes, balances, earnings }: FiguresProps) => (
  <dl className="balances" data-testid="staking-figures">
    <Figure name="Staked" amount={stakes.staked} note="counts in votes" />
    {balances && <Figure name="Available" amount={balances.balance} note="to stake or to pay with" />}
    {earnings?.epoch && (
      <Figure name="Would earn" amount={earnings.epoch.amount} note="at the end of this epoch, as stakes stand now" />
    )}
    {earnings && <Figure name="Owed" amount={earnings.pending} note="paid as soon as the pool has it" />}
  </dl>
);

const Figure = ({ name, amount, note }: { name: string; amount: string; note: string }) => (
  <div className="card balance balance-plain">
    <dt className="balance-label">{name}</dt>
    <dd>
      <AmountFigure amount={amount} />
    </dd>
    <dd className="muted balance-note">{note}</dd>
  </div>
);
