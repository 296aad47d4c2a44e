// Asks before tokens are withdrawn, and says what ends.

import { useAsking } from '../../mcp/use-asking.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { allEndWith, endsWith, nameOf, type Token } from './token.js';

export type Revoking =
  | { readonly what: 'one'; readonly token: Token }
  | {
      readonly what: 'all';
      /** Unknown only when the lab did not tell who is signed in. */
      readonly walletId: string | undefined;
      readonly tokens: readonly Token[];
      readonly own: boolean;
      readonly more: boolean;
    };

interface RevokeDialogProps {
  readonly revoking: Revoking;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function RevokeDialog({ revoking, onClose, onDone }: RevokeDialogProps) {
  const { busy, failure, ask } = useAsking();
  const ends = revoking.what === 'one' ? endsWith(revoking.token) : allEndWith(revoking.tokens, revoking);
  const revoke = async () => {
    const input = revoking.what === 'one' ? { tokenId: revoking.token.tokenId } : { walletId: revoking.walletId };
    if (await ask('sentinel_revoke_token', input)) onDone();
  };
  return (
    <QuestionDialog
      title={revoking.what === 'one' ? `Revoke “${nameOf(revoking.token)}”?` : 'Revoke all tokens of this wallet?'}
      testId="revoke-dialog"
      action={revoking.what === 'one' ? 'Revoke' : 'Revoke all'}
      dangerous
      busy={busy}
      disabled={revoking.what === 'all' && revoking.walletId === undefined}
      onSubmit={() => void revoke()}
      onClose={onClose}
    >
      <ul className="ends">
        {ends.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
