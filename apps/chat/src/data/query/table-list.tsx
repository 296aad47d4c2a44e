// Which datasets a query reads, under which names, and their columns: a click puts a name where the cursor is.
import { useId, useState } from 'react';
import { Icon } from '../../ui/icon.js';
import { useDatasets } from '../browser/use-datasets.js';
import type { Card } from '../dataset.js';
import { columnsOf } from '../rows/columns.js';
import { quotedName } from './sql-samples.js';

export interface TableListProps {
  readonly card: Card;
  /** Beside the dataset itself: name in SQL -> dataset. */
  readonly others: Readonly<Record<string, string>>;
  readonly onOthers: (others: Readonly<Record<string, string>>) => void;
  readonly onName: (name: string) => void;
}

export function TableList({ card, others, onOthers, onName }: TableListProps) {
  const columns = columnsOf(card.schema, []);
  const [adding, setAdding] = useState(false);
  return (
    <aside className="card sql-tables" aria-label="Tables">
      <div className="sql-table">
        <NameButton name="data" onName={onName} />
        <span className="muted sql-table-of">{card.dataset.name}</span>
      </div>
      <ul className="sql-columns" aria-label="Columns of data">
        {columns.map((column) => (
          <li key={column.name}>
            <NameButton name={column.name} onName={() => onName(quotedName(column.name))} />
            <span className="muted">{column.type}</span>
          </li>
        ))}
      </ul>
      {Object.entries(others).map(([name, datasetId]) => (
        <div key={name} className="sql-table">
          <NameButton name={name} onName={onName} />
          <span className="muted sql-table-of">{datasetId}</span>
          <button
            type="button"
            className="button button-icon button-small"
            aria-label={`Leave out ${name}`}
            onClick={() => onOthers(Object.fromEntries(Object.entries(others).filter(([each]) => each !== name)))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      {adding ? (
        <AddTable
          taken={['data', ...Object.keys(others)]}
          onAdd={(name, datasetId) => {
            onOthers({ ...others, [name]: datasetId });
            setAdding(false);
          }}
        />
      ) : (
        <button type="button" className="button button-small" data-testid="sql-add-table" onClick={() => setAdding(true)}>
          Join another dataset
        </button>
      )}
    </aside>
  );
}

const NameButton = ({ name, onName }: { name: string; onName: (name: string) => void }) => (
  <button type="button" className="sql-name mono" title={`Put ${name} into the query`} onClick={() => onName(name)}>
    {name}
  </button>
);

function AddTable({ taken, onAdd }: { taken: readonly string[]; onAdd: (name: string, datasetId: string) => void }) {
  const { datasets, busy } = useDatasets({});
  const id = useId();
  return (
    <div>
      <label className="label" htmlFor={id}>
        Dataset
      </label>
      <select
        id={id}
        className="input"
        data-testid="sql-other"
        value=""
        disabled={busy}
        onChange={(event) => {
          const dataset = datasets.find(({ datasetId }) => datasetId === event.target.value);
          if (dataset) onAdd(tableName(dataset.name, taken), dataset.datasetId);
        }}
      >
        <option value="">{busy ? 'Looking…' : 'choose…'}</option>
        {datasets.map(({ datasetId, name }) => (
          <option key={datasetId} value={datasetId}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** "DONKI solar flares" -> `donki_solar_flares`, with a number where that is taken. */
export function tableName(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 40);
  const stem = /^[a-z_]/.test(plain) ? plain : `t_${plain}`;
  let unique = stem;
  for (let number = 2; taken.includes(unique); number += 1) unique = `${stem}_${number}`;
  return unique;
}
