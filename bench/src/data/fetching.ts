// A thousand rows of a dataset that was read lately, asked of a whole lab as a client does: gateway, bus, Curator and back.
import { rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectLab, freePort, temporaryFolder } from '@labmesh/testing';
import { atMost, type Figure, type Floor, round } from '../report.js';
import { startedBy } from '../start/timed-process.js';
import { quantile, timed } from '../timed.js';
import { rowOf } from './measured-rows.js';

const START = fileURLToPath(new URL('../../../tools/start.mjs', import.meta.url));
const ROWS = 1_000;
const CALLS = 200;
const P50_MAX_MS = 10;

export async function fetchFigures(): Promise<{ figures: Figure[]; floors: Floor[] }> {
  const folder = await temporaryFolder('bench-data-lab');
  const home = join(folder, 'home');
  const port = await freePort();
  const lab = await startedBy('LabMesh is ready', [START], { PORT: String(port), LABMESH_HOME: home });
  try {
    const token = readFileSync(join(home, 'operator.token'), 'utf8').trim();
    await using client = await connectLab({ url: `http://127.0.0.1:${port}/mcp`, token });
    const content = JSON.stringify(Array.from({ length: ROWS }, (_, n) => rowOf(n)));
    const { dataset } = await client.call<{ dataset: { datasetId: string } }>('curator_submit_dataset', { name: 'Bench', format: 'json', content });
    const fetchAll = (): Promise<unknown> => client.call('curator_fetch_dataset', { datasetId: dataset.datasetId, limit: ROWS });
    await timed(20, fetchAll);
    const times = await timed(CALLS, fetchAll);
    const p50 = round(quantile(times, 0.5) / 1_000);
    return {
      figures: [{ case: `fetch of ${ROWS} cached rows`, values: { rows: ROWS, 'p50 ms': p50, 'p99 ms': round(quantile(times, 0.99) / 1_000) } }],
      floors: [atMost('cached fetch of 1,000 rows, p50 ms', p50, P50_MAX_MS)],
    };
  } finally {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
