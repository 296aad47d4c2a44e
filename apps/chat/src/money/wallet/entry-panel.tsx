// One transaction of a wallet in full, and taking it back where that is possible.
import { useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Entry as Row } from '../../ui/entry.js';
import { formatWhole } from '../../ui/figures.js';
import { SidePanel } from '../../ui/side-panel.js';
import { CURRENCY, grouped, signed } from '../amount.js';
import { useParts } from '../use-parts.js';
import { type Entry, kindText, partyText } from './entry.js';
import { ReverseDialog } from './reverse-dialog.js';

interface EntryPanelProps {
  readonly entry: Entry;
  readonly walletId: string;
  readonly onParty: (account: string) => void;
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

export function EntryPanel({ entry, walletId, onParty, onMoved, onClose }: EntryPanelProps) {
  const { session } = useLab();
  const parts = useParts();
  const [reversing, setReversing] = useState(false);
  const { transactionId, at, kind, change, balanceAfter, counterparty, memo } = entry;
  // Whoever received it may give it back; the operator may for them. The lab decides it again.
  const reversible =
    parts.has('reverse') &&
    (kind === 'payment' || kind === 'capture') &&
    (session.role === 'operator' || (!change.startsWith('-') && walletId === session.walletId));
  if (reversing) return <ReverseDialog entry={entry} onMoved={onMoved} onClose={onClose} />;
  return (
    <SidePanel title={kindText(kind)} testId="entry-panel" onClose={onClose}>
      <div className="panel-stack money-panel">
        <p className={change.startsWith('-') ? 'panel-figure' : 'panel-figure entry-in'}>
          {signed(change)} <span className="balance-currency">{CURRENCY}</span>
        </p>
        <dl className="facts">
          <Row name="Time">{formatWhole(at)}</Row>
          <Row name="With">
            {partyText(counterparty, walletId)}
            <span className="mono muted hash panel-id">{counterparty}</span>
          </Row>
          {memo !== null && <Row name="Memo">{memo}</Row>}
          <Row name="Left after it">
            {grouped(balanceAfter)} {CURRENCY}
          </Row>
          <Row name="Transaction">
            <span className="mono hash">{transactionId}</span>
          </Row>
        </dl>
        <div className="row panel-actions">
          <CopyButton text={() => transactionId} label="Copy its id" />
          <button type="button" className="button button-small" onClick={() => onParty(counterparty)}>
            Only with this one
          </button>
          {reversible && (
            <button
              type="button"
              className="button button-small button-quiet-bad"
              data-testid="entry-reverse"
              onClick={() => setReversing(true)}
            >
              Give it back…
            </button>
          )}
        </div>
      </div>
    </SidePanel>
  );
}
