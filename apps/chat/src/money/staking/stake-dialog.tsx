// Stakes money: how much and for how long, and what that means, before it is done.
import { useState } from 'react';
import { Field } from '../../ui/field.js';
import { formatWhole } from '../../ui/figures.js';
import { amountOf, CURRENCY, grouped, microOf, typedAmount } from '../amount.js';
import { AmountField } from '../amount-field.js';
import { openAmount } from '../intent.js';
import { KeyedDialog } from '../keyed-dialog.js';
import { secondsText } from '../proposals/parameter.js';
import { useIntent } from '../use-intent.js';
import { TOOLS } from '../views.js';
import { LOCKS, type RewardRules, wouldEarn } from './stake.js';

interface StakeDialogProps {
  readonly balance: string;
  readonly rules: RewardRules | undefined;
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

const DAY_MS = 86_400_000;

export function StakeDialog({ balance, rules, onMoved, onClose }: StakeDialogProps) {
  const sending = useIntent<object>('stake');
  const { open } = sending;
  const [text, setText] = useState(() => openAmount(sending.open) ?? '');
  const [days, setDays] = useState<number>(() => (typeof open?.input.lockDays === 'number' ? open.input.lockDays : 7));
  const typed = typedAmount(text);
  const tooMuch = 'amount' in typed && microOf(typed.amount) > microOf(balance) ? 'More than is available.' : undefined;
  const problem = text === '' ? undefined : 'problem' in typed ? typed.problem : tooMuch;
  const send = async () => {
    if ('problem' in typed) return;
    if (!(await sending.send(TOOLS.stake, { amount: typed.amount, lockDays: days }))) return;
    onMoved();
    onClose();
  };
  return (
    <KeyedDialog
      title="Stake"
      testId="stake"
      action="Stake it"
      disabled={'problem' in typed || tooMuch !== undefined}
      sending={sending}
      onSend={() => void send()}
      onClose={onClose}
    >
      <AmountField
        testId="stake-amount"
        text={text}
        onText={setText}
        problem={problem}
        hint={`${grouped(balance)} available`}
      />
      <Field
        label="Locked for"
        hint={`You can ask it back from ${formatWhole(new Date(Date.now() + days * DAY_MS).toISOString())} on; it comes after a cool-down`}
      >
        {(field) => (
          <select
            {...field}
            className="input"
            data-testid="stake-lock"
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
          >
            {LOCKS.map((lock) => (
              <option key={lock.days} value={lock.days}>
                {lock.label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {rules && (
        <p className="muted" data-testid="stake-earns">
          It earns from now on: its part, by amount and time, of up to {grouped(rules.epoch.amount)} {CURRENCY} every{' '}
          {secondsText(String(rules.epoch.seconds)).replace(/^1 /, '')}.
          {'amount' in typed &&
            ` Beside the ${grouped(rules.epoch.staked)} that are staked now that would be up to ${grouped(amountOf(wouldEarn(rules, microOf(typed.amount))))} each time.`}
        </p>
      )}
    </KeyedDialog>
  );
}
