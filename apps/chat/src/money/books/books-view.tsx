// The lab's books for its operator: what there is, whether every balance adds up, and who has a wallet.
import { useAnswer } from '../../mcp/use-answer.js';
import { formatTime } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { type Books, BooksFigures } from './books-figures.js';
import { CheckList } from './check-list.js';
import { RewardPool } from './reward-pool.js';
import { WalletList } from './wallet-list.js';

export function BooksView() {
  const parts = useParts();
  const { value, failure, busy, refresh } = useAnswer<Books>(TOOLS.verify, {});
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Books</h1>
          <p className="muted" role="status">
            {busy ? 'Every balance is computed anew…' : value ? `Computed anew at ${formatTime(value.at)}` : ''}
          </p>
        </div>
        <div className="page-actions">
          <button type="button" className="button" data-testid="books-verify" disabled={busy} onClick={refresh}>
            Check again
          </button>
        </div>
      </div>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Checking the books…" lines={6} />}
      {value && (
        <>
          <BooksFigures books={value} />
          <section className="section money-section" aria-labelledby="books-checks">
            <h2 id="books-checks">What must hold</h2>
            <CheckList checks={value.checks} />
          </section>
        </>
      )}
      {parts.has('rules') && <RewardPool />}
      {parts.has('wallets') && (
        <section className="section money-section" aria-labelledby="books-wallets">
          <h2 id="books-wallets">Wallets</h2>
          <WalletList />
        </section>
      )}
    </>
  );
}
