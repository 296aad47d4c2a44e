// Takes what was set aside, whole or a part, or gives it back.
import { useState } from 'react';
import { CURRENCY, grouped, microOf, typedAmount } from '../amount.js';
import { AmountField } from '../amount-field.js';
import { openAmount } from '../intent.js';
import { KeyedDialog } from '../keyed-dialog.js';
import { useIntent } from '../use-intent.js';
import { TOOLS } from '../views.js';
import type { Hold } from './hold.js';

interface HoldDialogProps {
  readonly hold: Hold;
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

function problemWith(text: string, hold: Hold): string | undefined {
  const typed = typedAmount(text);
  if ('problem' in typed) return typed.problem;
  return microOf(typed.amount) > microOf(hold.left) ? `At most ${grouped(hold.left)}.` : undefined;
}

export function CaptureDialog({ hold, onMoved, onClose }: HoldDialogProps) {
  const sending = useIntent<object>(`capture.${hold.holdId}`);
  const [text, setText] = useState(() => openAmount(sending.open) ?? grouped(hold.left));
  const [final, setFinal] = useState(false);
  const problem = problemWith(text, hold);
  const typed = typedAmount(text);
  const send = async () => {
    const amount = 'amount' in typed ? typed.amount : hold.left;
    if (!(await sending.send(TOOLS.capture, { holdId: hold.holdId, amount, final }))) return;
    onMoved();
    onClose();
  };
  return (
    <KeyedDialog
      title="Take what was set aside?"
      testId="capture"
      action="Take it"
      disabled={problem !== undefined}
      sending={sending}
      onSend={() => void send()}
      onClose={onClose}
    >
      <AmountField
        testId="capture-amount"
        text={text}
        onText={setText}
        problem={problem}
        hint={`${grouped(hold.left)} are left; the rest can be taken later`}
      />
      <label className="check-label">
        <input type="checkbox" checked={final} onChange={(event) => setFinal(event.target.checked)} />
        Give the rest back to the payer
      </label>
    </KeyedDialog>
  );
}

export function ReleaseDialog({ hold, onMoved, onClose }: HoldDialogProps) {
  const sending = useIntent<object>(`release.${hold.holdId}`);
  const send = async () => {
    if (!(await sending.send(TOOLS.release, { holdId: hold.holdId }))) return;
    onMoved();
    onClose();
  };
  return (
    <KeyedDialog
      title="Give it back?"
      testId="release"
      action="Give it back"
      dangerous
      sending={sending}
      onSend={() => void send()}
      onClose={onClose}
    >
      <p>
        {grouped(hold.left)} {CURRENCY} go back to whoever set them aside. It cannot be undone.
      </p>
    </KeyedDialog>
  );
}
