// A wallet: what it holds, how that came about, what it may do with it. One's own, or for the operator any.
import { type ReactNode, useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { useAnswer } from '../../mcp/use-answer.js';
import { moneyHref, replaceAddress } from '../../route.js';
import { CopyButton } from '../../ui/copy-button.js';
import { shortId } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { useParts } from '../use-parts.js';
import { type Part, TOOLS } from '../views.js';
import { BalanceCards } from './balance-cards.js';
import { BalanceChart } from './balance-chart.js';
import { askedOf, type Balances, filterIn, type HistoryFilter } from './entry.js';
import { HistorySection } from './history-section.js';
import { HoldsSection } from './holds-section.js';
import { PayDialog } from './pay-dialog.js';
import { StatementDialog } from './statement-dialog.js';

interface WalletViewProps {
  /** Undefined: the caller's own. */
  readonly walletId: string | undefined;
  readonly asked: URLSearchParams;
}

type Dialog = 'pay' | 'statement';

export function WalletView({ walletId, asked }: WalletViewProps) {
  const { session } = useLab();
  const parts = useParts();
  const [turn, setTurn] = useState(0);
  const [dialog, setDialog] = useState<Dialog>();
  const balances = useAnswer<Balances>(TOOLS.balance, { ...(walletId === undefined ? {} : { walletId }), limit: 0 });
  const { value, failure } = balances;
  const own = walletId === undefined || walletId === session.walletId;
  const filter = filterIn(asked);
  const narrow = (next: HistoryFilter) => replaceAddress(moneyHref('wallet', walletId, askedOf(next)));
  const moved = () => {
    balances.refresh();
    setTurn((count) => count + 1);
  };
  return (
    <>
      <div className="page-head">
        <div className="wallet-head">
          <h1>{own ? 'Your wallet' : (value?.label ?? 'Wallet')}</h1>
          {value && <WhichWallet balances={value} />}
        </div>
        {value && <Actions own={own} parts={parts} onDialog={setDialog} />}
      </div>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the wallet…" lines={6} />}
      {value && (
        <>
          <BalanceCards
            balances={value}
            account={filter.account}
            onAccount={(account) => narrow({ ...filter, account })}
          />
          <BalanceChart walletId={walletId} account={filter.account} turn={turn} />
          {parts.has('holds') && <HoldsSection walletId={value.walletId} turn={turn} onMoved={moved} />}
          <HistorySection walletId={value.walletId} filter={filter} onFilter={narrow} turn={turn} onMoved={moved} />
        </>
      )}
      {value && dialogOf(dialog, { balances: value, filter, onMoved: moved, onClose: () => setDialog(undefined) })}
    </>
  );
}

interface Opened {
  readonly balances: Balances;
  readonly filter: HistoryFilter;
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

function dialogOf(dialog: Dialog | undefined, { balances, filter, onMoved, onClose }: Opened): ReactNode {
  switch (dialog) {
    case undefined:
      return null;
    case 'pay':
      return <PayDialog balances={balances} onMoved={onMoved} onClose={onClose} />;
    case 'statement':
      return <StatementDialog walletId={balances.walletId} filter={filter} onClose={onClose} />;
    default:
      return dialog satisfies never;
  }
}

const WhichWallet = ({ balances: { walletId, role } }: { balances: Balances }) => (
  <p className="wallet-which">
    <span className="muted">{role}</span>
    <span className="mono" title={walletId} data-testid="wallet-id">
      {shortId(walletId)}
    </span>
    <CopyButton text={() => walletId} label="Copy the id" />
  </p>
);

interface ActionsProps {
  readonly own: boolean;
  readonly parts: ReadonlySet<Part>;
  readonly onDialog: (dialog: Dialog) => void;
}

const Actions = ({ own, parts, onDialog }: ActionsProps) => (
  <div className="page-actions">
    {parts.has('statement') && (
      <button type="button" className="button" data-testid="statement-open" onClick={() => onDialog('statement')}>
        Statement
      </button>
    )}
    {own && parts.has('pay') && (
      <button type="button" className="button button-main" data-testid="pay-open" onClick={() => onDialog('pay')}>
        Send
      </button>
    )}
  </div>
);
