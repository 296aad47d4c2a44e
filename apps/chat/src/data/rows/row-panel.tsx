// One row, whole: every column with its value as it is, however long.
import { useEffect, useRef } from 'react';
import { CopyButton } from '../../ui/copy-button.js';
import { SidePanel } from '../../ui/side-panel.js';
import type { Row } from '../dataset.js';
import { type Column, cellOf, wholeText } from './columns.js';

interface RowPanelProps {
  readonly row: Row;
  /** Counted from 1. */
  readonly number: number;
  readonly columns: readonly Column[];
  /** The column to begin at. */
  readonly column: string | undefined;
  readonly onClose: () => void;
}

export function RowPanel({ row, number, columns, column, onClose }: RowPanelProps) {
  const first = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void first.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <SidePanel title={`Row ${number.toLocaleString('en')}`} testId="row-panel" onClose={onClose}>
      <div className="panel-text panel-stack">
        <dl className="row-values">
          {columns.map((each) => (
            <div
              key={each.name}
              ref={each.name === column ? first : undefined}
              className={each.name === column ? 'row-value row-value-chosen' : 'row-value'}
            >
              <dt>
                <span className="mono">{each.name}</span>
                <span className="data-type">{each.type}</span>
              </dt>
              <dd>
                <Value row={row} name={each.name} />
              </dd>
            </div>
          ))}
        </dl>
        <div>
          <CopyButton text={() => JSON.stringify(row, null, 2)} label="Copy the row as JSON" />
        </div>
      </div>
    </SidePanel>
  );
}

function Value({ row, name }: { row: Row; name: string }) {
  const { state, text } = cellOf(row, name);
  if (state !== 'value') return <span className={`data-${state}`}>{text}</span>;
  const value = row[name];
  const whole = wholeText(value);
  return typeof value === 'object' ? <pre className="code-block">{whole}</pre> : <pre className="long-text">{whole}</pre>;
}
