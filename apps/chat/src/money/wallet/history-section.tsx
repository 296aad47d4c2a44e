// What happened to a wallet, newest first: narrowed by kind, counterparty and time, a page at a time, each entry in full.
import { useState } from 'react';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { ACCOUNTS, type Entry, type HistoryFilter, isNarrowed, wantedBy } from './entry.js';
import { EntryList } from './entry-list.js';
import { EntryPanel } from './entry-panel.js';
import { HistoryFilters } from './history-filters.js';
import { useHistory } from './use-history.js';

const PAGE = 25;

interface HistorySectionProps {
  readonly walletId: string;
  readonly filter: HistoryFilter;
  readonly onFilter: (filter: HistoryFilter) => void;
  readonly turn: number;
  readonly onMoved: () => void;
}

export function HistorySection({ walletId, filter, onFilter, turn, onMoved }: HistorySectionProps) {
  const { loaded, busy, failure, fetchMore } = useHistory({
    input: { walletId, ...wantedBy(filter) },
    most: PAGE,
    turn,
  });
  const [shown, setShown] = useState<Entry>();
  const { entries, balances, nextBefore } = loaded;
  const account = ACCOUNTS.find(({ name }) => name === filter.account)?.label.toLowerCase();
  return (
    <section className="section money-section" aria-labelledby="money-history">
      <h2 id="money-history">History of what is {account}</h2>
      <HistoryFilters filter={filter} onFilter={onFilter} entries={entries} />
      {failure && <FailureNotice failure={failure} />}
      {!balances && busy && <Waiting label="Fetching the history…" lines={6} />}
      {entries.length > 0 && <EntryList entries={entries} walletId={walletId} busy={busy} onShow={setShown} />}
      {balances && !busy && entries.length === 0 && (
        <div className="nothing" data-testid="history-nothing">
          <p>{isNarrowed(filter) ? 'No transaction fits these filters.' : 'Nothing has happened here yet.'}</p>
          <p className="muted">
            {isNarrowed(filter) ? 'Take one of them away.' : 'What is paid, earned or staked shows up here at once.'}
          </p>
        </div>
      )}
      {nextBefore !== undefined && (
        <button type="button" className="button" disabled={busy} data-testid="history-more" onClick={fetchMore}>
          Show older
        </button>
      )}
      {shown && (
        <EntryPanel
          entry={shown}
          walletId={walletId}
          onParty={(counterparty) => {
            setShown(undefined);
            onFilter({ ...filter, counterparty });
          }}
          onMoved={onMoved}
          onClose={() => setShown(undefined)}
        />
      )}
    </section>
  );
}
