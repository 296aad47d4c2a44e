// Every wallet of the lab: whose, its role and state, a look into it, and a way to stop it from paying.
import { type ReactNode, useId, useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { moneyHref } from '../../route.js';
import { schemaFields } from '../../tools/schema-fields.js';
import { formatFromNow, formatWhole, shortId } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { FreezeDialog } from './freeze-dialog.js';
import { useWallets, type Wallet } from './use-wallets.js';

export function WalletList() {
  const [filter, setFilter] = useState({ role: '', status: '' });
  const [chosen, setChosen] = useState<Wallet>();
  const { wallets, failure, busy, nextCursor, fetchMore, changed } = useWallets(filter);
  return (
    <>
      <form className="history-filters wallet-filters" aria-label="Filters of the wallets">
        <Choice name="role" value={filter.role} onValue={(role) => setFilter({ ...filter, role })} />
        <Choice name="status" value={filter.status} onValue={(status) => setFilter({ ...filter, status })} />
      </form>
      {failure && <FailureNotice failure={failure} />}
      {busy && wallets.length === 0 && <Waiting label="Fetching the wallets…" lines={5} />}
      {!busy && !failure && wallets.length === 0 && <p className="nothing">No wallet fits these filters.</p>}
      {wallets.length > 0 && (
        <ul className="entries" data-testid="wallets">
          {wallets.map((wallet) => (
            <WalletRow key={wallet.walletId} wallet={wallet} onChange={() => setChosen(wallet)} />
          ))}
        </ul>
      )}
      {nextCursor !== undefined && (
        <button type="button" className="button" disabled={busy} onClick={fetchMore}>
          Show more
        </button>
      )}
      {chosen && (
        <FreezeDialog
          wallet={chosen}
          onChanged={(status) => changed(chosen.walletId, status)}
          onClose={() => setChosen(undefined)}
        />
      )}
    </>
  );
}

const STATES = { open: 'pill pill-good', frozen: 'pill pill-bad', closed: 'pill badge-read' } as const;

function WalletRow({ wallet, onChange }: { wallet: Wallet; onChange: () => void }) {
  const { session } = useLab();
  const parts = useParts();
  const { walletId, label, role, status, createdAt } = wallet;
  const changeable =
    walletId !== session.walletId &&
    (status === 'open' ? parts.has('freeze') : status === 'frozen' && parts.has('unfreeze'));
  return (
    <li className="wallet-row" data-testid={`wallet-${walletId}`}>
      <a className="wallet-name" href={moneyHref('wallet', walletId)} title={walletId}>
        {label ?? <span className="mono">{shortId(walletId)}</span>}
      </a>
      <span className="muted wallet-role">{role}</span>
      <span className="muted wallet-since" title={formatWhole(createdAt)}>
        opened {formatFromNow(createdAt, Date.now())}
      </span>
      <span className={STATES[status]}>{status}</span>
      {changeable && (
        <button
          type="button"
          className="button button-small"
          aria-label={`${nameOf(status)} ${label ?? walletId}`}
          onClick={onChange}
        >
          {nameOf(status)}…
        </button>
      )}
    </li>
  );
}

const nameOf = (status: Wallet['status']): string => (status === 'open' ? 'Freeze' : 'Unfreeze');

interface ChoiceProps {
  readonly name: 'role' | 'status';
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** One of what the lab's tool takes. */
function Choice({ name, value, onValue }: ChoiceProps): ReactNode {
  const id = useId();
  const { tools } = useLab();
  const schema = tools.find((tool) => tool.name === TOOLS.wallets)?.inputSchema ?? {};
  const type = schemaFields(schema).find((field) => field.name === name)?.type;
  return (
    <div className="money-filter">
      <label htmlFor={id}>{name === 'role' ? 'Role' : 'State'}</label>
      <select
        id={id}
        className="input"
        data-testid={`wallets-${name}`}
        value={value}
        onChange={(event) => onValue(event.target.value)}
      >
        <option value="">all</option>
        {(type?.kind === 'choice' ? type.options.map(String) : []).map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </div>
  );
}
