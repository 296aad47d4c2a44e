// What a wallet's history is narrowed to: kind, counterparty, and days.
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { schemaFields } from '../../tools/schema-fields.js';
import { TOOLS } from '../views.js';
import { type Entry, type HistoryFilter, isNarrowed, isParty, kindText } from './entry.js';

interface HistoryFiltersProps {
  readonly filter: HistoryFilter;
  readonly onFilter: (filter: HistoryFilter) => void;
  /** Of what is shown: its counterparties are offered while typing. */
  readonly entries: readonly Entry[];
}

export function HistoryFilters({ filter, onFilter, entries }: HistoryFiltersProps) {
  const kinds = useKinds();
  const day = (end: 'from' | 'to', label: string) => (
    <Labelled label={label}>
      {(id) => (
        <input
          id={id}
          type="date"
          className="input"
          data-testid={`history-${end}`}
          value={filter[end]}
          onChange={(event) => onFilter({ ...filter, [end]: event.target.value })}
        />
      )}
    </Labelled>
  );
  return (
    <form className="history-filters" aria-label="Filters of the history" onSubmit={(event) => event.preventDefault()}>
      <Labelled label="Kind">
        {(id) => (
          <select
            id={id}
            className="input"
            data-testid="history-kind"
            value={filter.kind}
            onChange={(event) => onFilter({ ...filter, kind: event.target.value })}
          >
            <option value="">all</option>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {kindText(kind)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <PartyFilter
        asked={filter.counterparty}
        offered={[...new Set(entries.map(({ counterparty }) => counterparty))]}
        onParty={(counterparty) => onFilter({ ...filter, counterparty })}
      />
      {day('from', 'From')}
      {day('to', 'To')}
      {isNarrowed(filter) && (
        <button
          type="button"
          className="button"
          data-testid="history-clear"
          onClick={() => onFilter({ account: filter.account, kind: '', counterparty: '', from: '', to: '' })}
        >
          Clear filters
        </button>
      )}
    </form>
  );
}

/** The kinds that the lab's tool takes. */
function useKinds(): readonly string[] {
  const { tools } = useLab();
  const schema = tools.find(({ name }) => name === TOOLS.balance)?.inputSchema ?? {};
  const type = schemaFields(schema).find(({ name }) => name === 'kind')?.type;
  return type?.kind === 'choice' ? type.options.map(String) : [];
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="money-filter">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

interface PartyFilterProps {
  readonly asked: string;
  readonly offered: readonly string[];
  readonly onParty: (account: string) => void;
}

/** Its own text while somebody types; what is no account yet is not asked for. */
function PartyFilter({ asked, offered, onParty }: PartyFilterProps) {
  const listId = useId();
  const [text, setText] = useState(asked);
  const [seen, setSeen] = useState(asked);
  const account = text.trim();
  // Another one was asked for elsewhere: by a link, or by clearing the filters.
  if (asked !== seen) {
    setSeen(asked);
    setText(asked === account ? text : asked);
  }
  useEffect(() => {
    if (account !== asked && (account === '' || isParty(account))) onParty(account);
  });
  return (
    <Labelled label="With">
      {(id) => (
        <>
          <input
            id={id}
            className="input"
            data-testid="history-party"
            list={listId}
            value={text}
            placeholder="wal_…"
            aria-invalid={account !== '' && !isParty(account)}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
          <datalist id={listId}>
            {offered.map((option) => (
              <option key={option} value={option} />
            ))}
          </datalist>
        </>
      )}
    </Labelled>
  );
}
