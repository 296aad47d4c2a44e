// Stops a wallet from paying, or lets it pay again; with a reason for whoever looks later.
import { useState } from 'react';
import { useAsking } from '../../mcp/use-asking.js';
import { Field } from '../../ui/field.js';
import { shortId } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { TOOLS } from '../views.js';
import type { Wallet } from './use-wallets.js';

interface FreezeDialogProps {
  readonly wallet: Wallet;
  readonly onChanged: (status: Wallet['status']) => void;
  readonly onClose: () => void;
}

export function FreezeDialog({ wallet: { walletId, label, status }, onChanged, onClose }: FreezeDialogProps) {
  const [reason, setReason] = useState('');
  const { busy, failure, ask } = useAsking<{ status: Wallet['status'] }>();
  const freezing = status === 'open';
  const change = async () => {
    const changed = await ask(freezing ? TOOLS.freeze : TOOLS.unfreeze, { walletId, reason: reason.trim() });
    if (!changed) return;
    onChanged(changed.status);
    onClose();
  };
  const name = label ?? shortId(walletId);
  return (
    <QuestionDialog
      title={freezing ? `Freeze ${name}?` : `Unfreeze ${name}?`}
      testId="freeze"
      action={freezing ? 'Freeze' : 'Unfreeze'}
      dangerous={freezing}
      busy={busy}
      disabled={reason.trim() === ''}
      onSubmit={() => void change()}
      onClose={onClose}
    >
      <p>
        {freezing
          ? 'It is paid as before, and pays, sets aside and stakes nothing until it is unfrozen.'
          : 'It pays, sets aside and stakes as before.'}
      </p>
      <Field label="Why" hint="Kept with the wallet">
        {(field) => (
          <input
            {...field}
            className="input"
            data-testid="freeze-reason"
            maxLength={140}
            autoComplete="off"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
