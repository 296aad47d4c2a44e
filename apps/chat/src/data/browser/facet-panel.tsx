// Choices to narrow the list by, each with how many it leaves. A choice is a link, so that Back takes it off.
import { useState } from 'react';
import { dataHref } from '../../route.js';
import { FACETS, type FacetInfo, type Facets, type FacetValue, ordered } from './facets.js';

interface FacetPanelProps {
  readonly facets: Facets;
  readonly chosen: Readonly<Record<string, string>>;
  readonly query: string;
}

export function FacetPanel({ facets, chosen, query }: FacetPanelProps) {
  const [open, setOpen] = useState(false);
  const count = Object.keys(chosen).length;
  const hrefWith = (name: string, value: string | undefined) =>
    dataHref(undefined, undefined, { q: query, ...chosen, [name]: value });
  return (
    <aside className={open ? 'facets facets-open' : 'facets'} aria-label="Narrow the list" data-testid="facets">
      <button type="button" className="button facets-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide filters' : count === 0 ? 'Filters' : `Filters (${count})`}
      </button>
      <div className="facet-groups">
        {FACETS.map((facet) => (
          <FacetGroup
            key={facet.name}
            facet={facet}
            values={ordered(facets[facet.name] ?? [], facet)}
            chosen={chosen[facet.name]}
            hrefOf={(value) => hrefWith(facet.name, value)}
          />
        ))}
        {count > 0 && (
          <a className="facets-clear" href={dataHref(undefined, undefined, { q: query })}>
            Clear filters
          </a>
        )}
      </div>
    </aside>
  );
}

const SHOWN = 6;

interface FacetGroupProps {
  readonly facet: FacetInfo;
  readonly values: readonly FacetValue[];
  readonly chosen: string | undefined;
  readonly hrefOf: (value: string | undefined) => string;
}

function FacetGroup({ facet, values, chosen, hrefOf }: FacetGroupProps) {
  const [all, setAll] = useState(false);
  const there = chosen !== undefined && !values.some(({ value }) => value === chosen);
  const listed = there ? [{ value: chosen, count: 0 }, ...values] : values;
  // One value that all share narrows nothing.
  if (listed.length === 0 || (listed.length === 1 && chosen === undefined)) return null;
  return (
    <section className="facet">
      <h2>{facet.label}</h2>
      <ul>
        {listed.slice(0, all ? undefined : SHOWN).map(({ value, count }) => (
          <li key={value}>
            <a
              className="facet-value"
              href={hrefOf(value === chosen ? undefined : value)}
              data-testid={`facet-${facet.name}-${value}`}
              aria-current={value === chosen ? 'true' : undefined}
            >
              <span className="facet-name">{facet.read(value)}</span>
              <span className="facet-count">{count.toLocaleString('en')}</span>
            </a>
          </li>
        ))}
      </ul>
      {listed.length > SHOWN && (
        <button type="button" className="link-button" onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `${listed.length - SHOWN} more`}
        </button>
      )}
    </section>
  );
}
