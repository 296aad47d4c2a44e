// Entries as rows: when, what, with whom, how much, and what was left.
import { formatTime, formatWhole } from '../../ui/figures.js';
import { grouped, signed } from '../amount.js';
import { type Entry, kindText, partyText } from './entry.js';

interface EntryListProps {
  readonly entries: readonly Entry[];
  readonly walletId: string;
  readonly busy: boolean;
  readonly onShow: (entry: Entry) => void;
}

export const EntryList = ({ entries, walletId, busy, onShow }: EntryListProps) => (
  <div className="entries" data-testid="history" aria-busy={busy}>
    <div className="entry-row entries-head" aria-hidden="true">
      <span>Time</span>
      <span>What</span>
      <span>With</span>
      <span className="amount">Change</span>
      <span className="amount">Left</span>
    </div>
    <ol>
      {entries.map((entry) => (
        <li key={`${entry.transactionId}${entry.change}${entry.counterparty}`} className="entry-item">
          <button type="button" className="entry-row" onClick={() => onShow(entry)}>
            <span className="entry-time" title={formatWhole(entry.at)}>
              {formatTime(entry.at)}
            </span>
            <span className="entry-what">
              <span className="entry-kind">{kindText(entry.kind)}</span>
              {entry.memo !== null && <span className="muted"> {entry.memo}</span>}
            </span>
            <span className="entry-with muted" title={entry.counterparty}>
              {partyText(entry.counterparty, walletId)}
            </span>
            <span className={entry.change.startsWith('-') ? 'amount entry-change' : 'amount entry-change entry-in'}>
              {signed(entry.change)}
            </span>
            <span className="amount entry-left muted">
              <span className="sr-only">left: </span>
              {grouped(entry.balanceAfter)}
            </span>
          </button>
        </li>
      ))}
    </ol>
  </div>
);
