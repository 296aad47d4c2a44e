// A value made readable: arrays of objects as tables, objects as names and values, the rest as text or JSON.
import { useState } from 'react';
import { cellText, type Row, resultShape } from './result-shape.js';

interface ReadableProps {
  readonly value: unknown;
  /** What the value is, for the names of tables. */
  readonly name: string;
  readonly depth?: number;
}

export function Readable({ value, name, depth = 0 }: ReadableProps) {
  const shape = resultShape(value, depth);
  switch (shape.shape) {
    case 'nothing':
      return <span className="muted">{emptyText(value)}</span>;
    case 'value':
      return shape.long ? <pre className="long-text">{shape.text}</pre> : <span className="value">{shape.text}</span>;
    case 'list':
      return <List items={shape.items} />;
    case 'table':
      return <Table name={name} columns={shape.columns} rows={shape.rows} />;
    case 'json':
      return <pre className="code-block">{shape.text}</pre>;
    case 'record':
      return (
        <dl className="record">
          {shape.entries.map(([key, entry]) => (
            <div key={key} className={isBlock(entry) ? 'record-entry record-block' : 'record-entry'}>
              <dt className="mono">{key}</dt>
              <dd>
                <Readable value={entry} name={key} depth={depth + 1} />
              </dd>
            </div>
          ))}
        </dl>
      );
    default:
      return shape satisfies never;
  }
}

/** Tables and nested records stand below their name, over the whole width. */
const isBlock = (value: unknown): boolean => {
  const { shape } = resultShape(value);
  return (
    shape === 'table' || shape === 'record' || shape === 'json' || (shape === 'value' && String(value).length > 400)
  );
};

function emptyText(value: unknown): string {
  if (Array.isArray(value)) return 'none';
  if (value === '') return 'empty text';
  return typeof value === 'object' && value !== null ? 'empty' : '–';
}

/** Items and rows drawn at once; the rest comes on demand, so that 5,000 rows do not freeze the page. */
const SHOWN_AT_ONCE = 100;

const List = ({ items }: { items: readonly unknown[] }) => (
  <ul className="value-list">
    {items.slice(0, SHOWN_AT_ONCE).map((item, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a result never changes
      <li key={index}>{cellText(item)}</li>
    ))}
    {items.length > SHOWN_AT_ONCE && <li className="muted">and {items.length - SHOWN_AT_ONCE} more</li>}
  </ul>
);

function Table({ name, columns, rows }: { name: string; columns: readonly string[]; rows: readonly Row[] }) {
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  return (
    <div className="table-wrap">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="table-scroll" aria-label={`${name}, ${rows.length} rows`} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" className="mono">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a result never changes
              <tr key={index}>
                {columns.map((column) => (
                  <Cell key={column} value={row[column]} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > shown && (
        <button type="button" className="button button-small" onClick={() => setShown(shown + SHOWN_AT_ONCE * 5)}>
          Show more ({shown} of {rows.length})
        </button>
      )}
    </div>
  );
}

/** A sentence wraps beyond this; what has no blanks (an id, a time, a hash) stays on one line. */
const SENTENCE_MAX = 42;
const WORD_MAX = 80;

const isLong = (text: string): boolean => text.length > (/\s/.test(text) ? SENTENCE_MAX : WORD_MAX);

function Cell({ value }: { value: unknown }) {
  const text = cellText(value);
  if (typeof value === 'number') return <td className="cell-number">{text}</td>;
  return <td className={isLong(text) ? 'cell-long' : undefined}>{text}</td>;
}
