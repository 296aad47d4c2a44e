// Moves money of the operator's wallet to the pool that rewards are paid from.
import { useState } from 'react';
import { typedAmount } from '../amount.js';
import { AmountField } from '../amount-field.js';
import { openAmount } from '../intent.js';
import { KeyedDialog } from '../keyed-dialog.js';
import { useIntent } from '../use-intent.js';
import { TOOLS } from '../views.js';

export function FillDialog({ onMoved, onClose }: { onMoved: () => void; onClose: () => void }) {
  const sending = useIntent<object>('fill');
  const [text, setText] = useState(() => openAmount(sending.open) ?? '');
  const typed = typedAmount(text);
  const send = async () => {
    if ('problem' in typed) return;
    if (!(await sending.send(TOOLS.fill, { amount: typed.amount }))) return;
    onMoved();
    onClose();
  };
  return (
    <KeyedDialog
      title="Fill the reward pool?"
      testId="fill"
      action="Fill it"
      disabled={'problem' in typed}
      sending={sending}
      onSend={() => void send()}
      onClose={onClose}
    >
      <p>It goes from your wallet, and comes back only as rewards.</p>
      <AmountField
        testId="fill-amount"
        text={text}
        onText={setText}
        problem={text === '' || !('problem' in typed) ? undefined : typed.problem}
      />
    </KeyedDialog>
  );
}
