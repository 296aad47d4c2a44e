// A list of 10,000 datasets of one wallet, as a page asks for it: the newest, by words, by facets, with counts of each.
import { type Call, curator, ROLE_PERMISSIONS } from '@labmesh/contracts';
import { DatasetCatalogue, DatasetListing } from '@labmesh/curator';
import type { Database } from '@labmesh/db';
import { v7 as uuidv7 } from 'uuid';
import { atMost, type Figure, type Floor, round } from '../report.js';
import { quantile, timed } from '../timed.js';

const DATASETS = 10_000;
const RUNS = 200;
const LIMIT_MS = 10;

/** Every tenth is the lab's; descriptions of some 300 characters; of most facets many values. */
const FILL = `WITH made AS (
    INSERT INTO curator.datasets (id, name, description, format, owner, version, source, license, topics, created_at, updated_at)
    SELECT 'ds_bench-' || n, 'Dataset ' || n || ' of many', repeat('Fluxes of solar flares, file part-' || (n % 97) || '.csv of it. ', 6),
      (ARRAY['json', 'csv', 'parquet', 'yaml'])[1 + n % 4], CASE WHEN n % 10 = 0 THEN 'lab' ELSE $1 END, 1,
      (ARRAY['submission', 'transformed', 'nasa-donki', 'nasa-apod'])[1 + n % 4], (ARRAY['CC0-1.0', 'CC-BY-4.0', NULL])[1 + n % 3],
      ARRAY['topic-' || (n % 7), 'topic-' || (n % 31)], now() - n * interval '1 minute', now() - n * interval '1 minute'
    FROM generate_series(1, $2::int) AS n RETURNING id, format, created_at)
  INSERT INTO curator.dataset_versions (dataset_id, version, format, row_count, byte_count, sha256, provenance, row_schema, created_at)
  SELECT id, 1, format, 10, 1000, md5(id) || md5(id), $3::json, $4::json, created_at FROM made`;
const PROVENANCE = { source: 's', license: 'CC0-1.0', obtainedAt: '2026-01-01T00:00:00.000Z', derivedFrom: null, note: null };
const SCHEMA = { type: 'object', properties: { flux: { type: 'number' }, peak: { type: 'string' } }, required: ['flux'] };

const ASKED: ReadonlyArray<readonly [string, object]> = [
  ['the newest 50', {}],
  ['with counts of every facet', { facets: true }],
  ['a word of all, with counts', { query: 'solar', facets: true }],
  ['a word of one', { query: '9999' }],
  ['a word of none', { query: 'zebra' }],
  ['a format and a licence', { format: 'yaml', license: 'CC0-1.0' }],
  ['a topic', { topic: 'topic-30' }],
];

export async function lists(database: Database): Promise<{ figures: Figure[]; floors: Floor[] }> {
  const walletId = `wal_${uuidv7()}`;
  await database.pool.query(FILL, [walletId, DATASETS, PROVENANCE, SCHEMA]);
  for (const table of ['datasets', 'dataset_versions']) await database.pool.query(`VACUUM ANALYZE curator.${table}`);
  const catalogue = new DatasetCatalogue(new DatasetListing(database));
  const permissions = ROLE_PERMISSIONS.researcher;
  const call: Call = {
    id: uuidv7(),
    principal: { walletId, role: 'researcher', permissions, credentialId: 'bench' },
    chain: [],
    deadline: Number.MAX_SAFE_INTEGER,
    signal: new AbortController().signal,
    pass: '',
  };
  const figures: Figure[] = [];
  const floors: Floor[] = [];
  for (const [name, asked] of ASKED) {
    const input = curator.tools.list_available_datasets.input.parse(asked);
    const started = performance.now();
    await catalogue.list(input, call);
    const firstMs = performance.now() - started;
    const times = await timed(RUNS, () => catalogue.list(input, call));
    const p50 = round(quantile(times, 0.5) / 1_000);
    const title = `${database.kind}: ${name}`;
    figures.push({ case: title, values: { 'p50 ms': p50, 'p99 ms': round(quantile(times, 0.99) / 1_000), 'first ms': round(firstMs) } });
    floors.push(atMost(`${title}, p50 ms`, p50, LIMIT_MS));
  }
  return { figures, floors };
}
