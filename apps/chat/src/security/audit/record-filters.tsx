// What the Audit view looks for, and in which time.
import { type ReactNode, useId, useState } from 'react';
import { type AuditFilter, isSet, isWalletId, NO_FILTER, SEVERITIES } from './record.js';
import { SPANS, type SpanName, type TimeChoice } from './span.js';

interface RecordFiltersProps {
  readonly filter: AuditFilter;
  readonly onFilter: (filter: AuditFilter) => void;
  readonly time: TimeChoice;
  readonly onTime: (time: TimeChoice) => void;
  /** Names that were seen lately, offered while typing. */
  readonly seen: {
    readonly agents: readonly string[];
    readonly tools: readonly string[];
    readonly outcomes: readonly string[];
  };
}

export function RecordFilters({ filter, onFilter, time, onTime, seen }: RecordFiltersProps) {
  const text = (name: 'walletId' | 'agent' | 'tool' | 'outcome', label: string, options: readonly string[]) => (
    <TextFilter
      label={label}
      name={name}
      value={filter[name]}
      options={options}
      onChange={(value) => onFilter({ ...filter, [name]: value })}
    />
  );
  const [open, setOpen] = useState(false);
  return (
    <form
      className={open ? 'filters filters-open' : 'filters'}
      aria-label="Filters"
      onSubmit={(event) => event.preventDefault()}
    >
      <Labelled label="Time">
        {(id) => (
          <select
            id={id}
            className="input"
            data-testid="audit-span"
            value={time.span}
            onChange={(event) => onTime({ ...time, span: event.target.value as SpanName, chosenMs: Date.now() })}
          >
            {SPANS.map(({ span, label }) => (
              <option key={span} value={span}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled label="Severity">
        {(id) => (
          <select
            id={id}
            className="input"
            data-testid="filter-severity"
            value={filter.severity}
            onChange={(event) => onFilter({ ...filter, severity: event.target.value as AuditFilter['severity'] })}
          >
            <option value="">all</option>
            {SEVERITIES.slice(1).map((severity) => (
              <option key={severity} value={severity}>
                {severity === 'error' ? severity : `${severity} or graver`}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <button type="button" className="filters-more" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Fewer filters' : 'More filters'}
      </button>
      {text('agent', 'Agent', seen.agents)}
      {text('tool', 'Tool', seen.tools)}
      {text('outcome', 'Outcome', seen.outcomes)}
      {text('walletId', 'Wallet', [])}
      {time.span === 'between' && <Between time={time} onTime={onTime} />}
      {isSet(filter) && (
        <button type="button" className="button filters-clear" onClick={() => onFilter(NO_FILTER)}>
          Clear filters
        </button>
      )}
    </form>
  );
}

function Labelled({ label, rare, children }: { label: string; rare?: boolean; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className={rare ? 'filter-field filter-rare' : 'filter-field'}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

interface TextFilterProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onChange: (value: string) => void;
}

function TextFilter({ label, name, value, options, onChange }: TextFilterProps) {
  const listId = useId();
  return (
    <Labelled label={label} rare>
      {(id) => (
        <>
          <input
            aria-invalid={name === 'walletId' && value !== '' && !isWalletId(value)}
            id={id}
            className="input"
            data-testid={`filter-${name}`}
            list={options.length > 0 ? listId : undefined}
            value={value}
            placeholder={name === 'walletId' ? 'wal_…' : 'any'}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
          />
          {options.length > 0 && (
            <datalist id={listId}>
              {options.map((option) => (
                <option key={option} value={option} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Labelled>
  );
}

const Between = ({ time, onTime }: Pick<RecordFiltersProps, 'time' | 'onTime'>) => (
  <>
    {(['from', 'to'] as const).map((end) => (
      <Labelled key={end} label={end === 'from' ? 'From' : 'To'}>
        {(id) => (
          <input
            id={id}
            type="datetime-local"
            className="input"
            value={time[end]}
            onChange={(event) => onTime({ ...time, [end]: event.target.value, chosenMs: Date.now() })}
          />
        )}
      </Labelled>
    ))}
  </>
);
