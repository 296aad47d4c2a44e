// The records as rows, newest first. A row opens the record; arrow keys go from row to row.
import { type KeyboardEvent, memo } from 'react';
import { formatMs } from '../../agents/manifest.js';
import { formatTime, shortId } from '../../ui/figures.js';
import type { AuditRecord } from './record.js';
import { SeverityMark } from './severity-mark.js';

interface RecordListProps {
  readonly records: readonly AuditRecord[];
  readonly onOpen: (record: AuditRecord) => void;
}

const STEP: Readonly<Record<string, 'nextElementSibling' | 'previousElementSibling'>> = {
  ArrowDown: 'nextElementSibling',
  ArrowUp: 'previousElementSibling',
};

function moveFocus(event: KeyboardEvent<HTMLOListElement>): void {
  const step = STEP[event.key];
  const row = (event.target as Element).closest('li')?.[step ?? 'nextElementSibling'];
  if (!step || !row) return;
  event.preventDefault();
  row.querySelector('button')?.focus();
}

export function RecordList({ records, onOpen }: RecordListProps) {
  return (
    <div className="records">
      <div className="record-row records-head" aria-hidden="true">
        <span>Time</span>
        <span>Severity</span>
        <span>Tool</span>
        <span>Outcome</span>
        <span>Wallet</span>
        <span className="record-duration">Took</span>
      </div>
      <ol aria-label="Audit records, newest first" data-testid="audit-records" onKeyDown={moveFocus}>
        {records.map((record) => (
          <RecordRow key={record.cursor} record={record} onOpen={onOpen} />
        ))}
      </ol>
    </div>
  );
}

const RecordRow = memo(function RecordRow({
  record,
  onOpen,
}: {
  record: AuditRecord;
  onOpen: RecordListProps['onOpen'];
}) {
  const { severity, agent, tool, outcome, walletId } = record;
  return (
    <li className="record-item">
      <button
        type="button"
        className="record-row"
        data-testid={`record-${record.cursor}`}
        onClick={() => onOpen(record)}
      >
        <time className="record-time" dateTime={record.at} title={record.at}>
          {formatTime(record.at)}
        </time>
        <span className="record-severity">
          <SeverityMark severity={severity} />
        </span>
        <span className="record-tool">
          <span className="muted">{agent}</span> <span className="record-tool-name">{tool}</span>
        </span>
        <span className={outcome === 'ok' ? 'record-outcome muted' : 'record-outcome'}>{outcome}</span>
        <span className="record-wallet mono muted" title={walletId ?? undefined}>
          {walletId === null ? 'nobody' : shortId(walletId)}
        </span>
        <span className="record-duration muted">{formatMs(record.durationMs)}</span>
      </button>
    </li>
  );
});
