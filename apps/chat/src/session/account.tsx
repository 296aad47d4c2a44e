// Who is signed in, and the way out.
import { Icon } from '../ui/icon.js';
import type { Session } from './session.js';
import { signOut } from './session-store.js';

/** The end of an id tells wallets apart, so it stays visible when the middle is cut. */
const ID_TAIL = 6;

export function Account({ session }: { session: Session }) {
  const { walletId, role, expiresAt } = session;
  const until = expiresAt ? ` (until ${new Date(expiresAt).toLocaleTimeString()})` : '';
  return (
    <div className="account">
      <div className="who" data-testid="who" title={walletId ? `${walletId}${until}` : `Signed in${until}`}>
        <span className="who-role">{role ?? 'Signed in'}</span>
        {walletId && (
          <span className="who-wallet mono">
            <span className="who-head">{walletId.slice(0, -ID_TAIL)}</span>
            <span>{walletId.slice(-ID_TAIL)}</span>
          </span>
        )}
      </div>
      <button
        type="button"
        className="button button-icon"
        data-testid="sign-out"
        aria-label="Sign out"
        title="Sign out"
        onClick={() => void signOut()}
      >
        <Icon name="out" />
      </button>
    </div>
  );
}
