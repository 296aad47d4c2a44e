// All datasets of a caller: a search, and a list that says of each what one needs to choose. The search is part of the address.
import { dataHref, replaceAddress } from '../../route.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { TypedSearch } from '../../ui/typed-search.js';
import { useLab } from '../../mcp/lab.js';
import { NEW, ROUTES, takes, VALIDATIONS } from '../views.js';
import { FacetPanel } from './facet-panel.js';
import { chosenIn } from './facets.js';
import { useParts } from '../use-parts.js';
import { DatasetList } from './dataset-list.js';
import { type Found, useDatasets } from './use-datasets.js';

const QUERY_MAX = 200;

export function BrowserView({ asked }: { asked: URLSearchParams }) {
  const parts = useParts();
  const { tools } = useLab();
  const query = (asked.get('q') ?? '').slice(0, QUERY_MAX);
  const counted = takes(tools, 'list', 'facets');
  const chosen = counted ? chosenIn(asked) : {};
  const wanted = { query: query === '' ? undefined : query, ...chosen, facets: counted ? true : undefined };
  const found = useDatasets(wanted);
  const narrowed = query !== '' || Object.keys(chosen).length > 0;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Data</h1>
          <p className="muted" role="status">
            {countText(found)}
          </p>
        </div>
        <div className="page-actions">
          {parts.has('validations') && (
            <a className="button" href={dataHref(VALIDATIONS)} data-testid="data-validations">
              Validations
            </a>
          )}
          {parts.has('routes') && (
            <a className="button" href={dataHref(ROUTES)} data-testid="data-routes">
              Routes
            </a>
          )}
          {parts.has('submit') && (
            <a className="button button-main" href={dataHref(NEW)} data-testid="dataset-new">
              Add data
            </a>
          )}
        </div>
      </div>
      <TypedSearch
        label="Search datasets"
        placeholder="Search by name or description"
        testId="dataset-search"
        maxLength={QUERY_MAX}
        text={query}
        onText={(q) => replaceAddress(dataHref(undefined, undefined, { q, ...chosen }))}
      />
      {found.failure && <FailureNotice failure={found.failure} />}
      <div className={found.facets ? 'browser browser-narrowed' : 'browser'}>
        {found.facets && <FacetPanel facets={found.facets} chosen={chosen} query={query} />}
        <div className="browser-main">
          {found.busy && found.datasets.length === 0 && <Waiting label="Looking for datasets…" lines={6} />}
          {found.datasets.length > 0 && <DatasetList datasets={found.datasets} busy={found.busy} />}
          {!found.busy && !found.failure && found.datasets.length === 0 && (
            <Nothing query={query} narrowed={narrowed} canAdd={parts.has('submit')} />
          )}
          {found.more && (
            <button type="button" className="button" disabled={found.busy} onClick={found.fetchMore}>
              Show more
            </button>
          )}
        </div>
      </div>
    </>
  );
}

function countText({ datasets, more, busy }: Found): string {
  if (datasets.length === 0) return busy ? 'Looking…' : 'None found';
  return `${plural(datasets.length, 'dataset')}${more ? ' and more' : ''}, newest first`;
}

function nothingText(query: string, narrowed: boolean): string {
  if (query !== '') return `No dataset holds “${query}” in its name or description.`;
  return narrowed ? 'No dataset fits these filters.' : 'There is no dataset yet.';
}

const Nothing = ({ query, narrowed, canAdd }: { query: string; narrowed: boolean; canAdd: boolean }) => (
  <div className="nothing" data-testid="datasets-nothing">
    <p>{nothingText(query, narrowed)}</p>
    <p className="muted">
      {narrowed && (
        <>
          Try fewer or other words, or <a href={dataHref()}>show all</a>.{' '}
        </>
      )}
      {canAdd ? (
        <>
          You can <a href={dataHref(NEW)}>add data of your own</a>: a file of JSON, CSV, YAML or Parquet.
        </>
      ) : (
        'Whoever may submit data can add some.'
      )}
    </p>
  </div>
);
