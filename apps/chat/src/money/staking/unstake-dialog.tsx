// Asks a stake back, whole or in part; it comes after the cool-down.
import { useState } from 'react';
import { grouped, microOf, typedAmount } from '../amount.js';
import { AmountField } from '../amount-field.js';
import { openAmount } from '../intent.js';
import { KeyedDialog } from '../keyed-dialog.js';
import { useIntent } from '../use-intent.js';
import { TOOLS } from '../views.js';
import type { Stake } from './stake.js';

interface UnstakeDialogProps {
  readonly stake: Stake;
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

export function UnstakeDialog({ stake: { stakeId, left }, onMoved, onClose }: UnstakeDialogProps) {
  const sending = useIntent<object>(`unstake.${stakeId}`);
  const [text, setText] = useState(() => openAmount(sending.open) ?? left);
  const typed = typedAmount(text);
  const tooMuch = 'amount' in typed && microOf(typed.amount) > microOf(left) ? `At most ${grouped(left)}.` : undefined;
  const problem = 'problem' in typed ? typed.problem : tooMuch;
  const send = async () => {
    if ('problem' in typed) return;
    if (!(await sending.send(TOOLS.unstake, { stakeId, amount: typed.amount }))) return;
    onMoved();
    onClose();
  };
  return (
    <KeyedDialog
      title="Ask this stake back?"
      testId="unstake"
      action="Ask it back"
      disabled={problem !== undefined}
      sending={sending}
      onSend={() => void send()}
      onClose={onClose}
    >
      <p>A cool-down begins, in which it still counts and earns. After it the money comes back by itself.</p>
      <AmountField
        testId="unstake-amount"
        text={text}
        onText={setText}
        problem={problem}
        hint={`${grouped(left)} can be asked back`}
      />
    </KeyedDialog>
  );
}
