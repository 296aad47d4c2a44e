// Gives a payment back to whoever paid it, whole or in part.
import { useState } from 'react';
import { CURRENCY, grouped, typedAmount } from '../amount.js';
import { AmountField } from '../amount-field.js';
import { openAmount } from '../intent.js';
import { KeyedDialog } from '../keyed-dialog.js';
import { useIntent } from '../use-intent.js';
import { TOOLS } from '../views.js';
import type { Entry } from './entry.js';

interface ReverseDialogProps {
  readonly entry: Entry;
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

export function ReverseDialog({ entry, onMoved, onClose }: ReverseDialogProps) {
  const sending = useIntent<{ amount: string }>(`reverse.${entry.transactionId}`);
  const [text, setText] = useState(() => openAmount(sending.open) ?? '');
  const typed = text.trim() === '' ? undefined : typedAmount(text);
  const problem = typed && 'problem' in typed ? typed.problem : undefined;
  const send = async () => {
    const amount = typed && 'amount' in typed ? { amount: typed.amount } : {};
    const done = await sending.send(TOOLS.reverse, { transactionId: entry.transactionId, ...amount });
    if (!done) return;
    onMoved();
    onClose();
  };
  return (
    <KeyedDialog
      title="Give this payment back?"
      testId="reverse"
      action="Give it back"
      dangerous
      disabled={problem !== undefined}
      sending={sending}
      onSend={() => void send()}
      onClose={onClose}
    >
      <p>
        It was {grouped(entry.change.replace('-', ''))} {CURRENCY}. What is given back goes from whoever received it to
        whoever paid it; it cannot be taken back again.
      </p>
      <AmountField
        testId="reverse-amount"
        text={text}
        onText={setText}
        problem={problem}
        hint="All that was not given back yet when left empty"
      />
    </KeyedDialog>
  );
}
