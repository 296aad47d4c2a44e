// A thousand rows of a dataset that was read lately: asked of the Curator over the bus, in the lab's mode and in the mesh's, and of a
// whole lab as a client does: gateway, bus, Curator and back.
import { rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectLab, freePort, natsServer, postgresDatabase, temporaryFolder } from '@labmesh/testing';
import { MeasuredChild } from '../measured-child.js';
import { atMost, type Figure, type Floor, round } from '../report.js';
import { startedBy } from '../start/timed-process.js';
import { quantile, timed } from '../timed.js';
import { rowOf } from './measured-rows.js';

const START = fileURLToPath(new URL('../../../tools/start.mjs', import.meta.url));
const SERVER = new URL('./curator-server.js', import.meta.url);
const ROWS = 1_000;
const CALLS = 200;
const P50_MAX_MS = 10;

interface Times {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export async function fetchFigures(): Promise<{ figures: Figure[]; floors: Floor[] }> {
  await using nats = await natsServer();
  await using server = await postgresDatabase();
  const mesh = { NATS_URL: nats.url, DATABASE_URL: server.url };
  const [inProcess, overNats, client] = [await onBus(), await onBus(mesh), await throughLab()];
  const figure = (name: string, { p50Ms, p99Ms }: Times): Figure => ({
    case: `fetch of ${ROWS} cached rows, ${name}`,
    values: { rows: ROWS, 'p50 ms': round(p50Ms), 'p99 ms': round(p99Ms) },
  });
  return {
    figures: [
      figure('over the bus in process', inProcess),
      figure('over the bus, NATS and PostgreSQL', overNats),
      figure('by a client of a lab', client),
    ],
    floors: [
      atMost('cached fetch of 1,000 rows over the bus in process, p50 ms', round(inProcess.p50Ms), P50_MAX_MS),
      atMost('cached fetch of 1,000 rows over NATS, p50 ms', round(overNats.p50Ms), P50_MAX_MS),
    ],
  };
}

async function onBus(env: Readonly<Record<string, string>> = {}): Promise<Times> {
  const home = await temporaryFolder('bench-data-bus');
  const child = await MeasuredChild.start<Times>(SERVER, { LABMESH_HOME: home, ROWS: String(ROWS), ...env });
  try {
    return child.ready;
  } finally {
    await child.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function throughLab(): Promise<Times> {
  const folder = await temporaryFolder('bench-data-lab');
  const home = join(folder, 'home');
  const port = await freePort();
  const lab = await startedBy('LabMesh is ready', [START], { PORT: String(port), LABMESH_HOME: home });
  try {
    const token = readFileSync(join(home, 'operator.token'), 'utf8').trim();
    await using client = await connectLab({ url: `http://127.0.0.1:${port}/mcp`, token });
    const content = JSON.stringify(Array.from({ length: ROWS }, (_, n) => rowOf(n)));
    const submission = { name: 'Bench', format: 'json', content };
    const { dataset } = await client.call<{ dataset: { datasetId: string } }>('curator_submit_dataset', submission);
    const fetchAll = (): Promise<unknown> =>
      client.call('curator_fetch_dataset', { datasetId: dataset.datasetId, limit: ROWS });
    await timed(20, fetchAll);
    const times = await timed(CALLS, fetchAll);
    return { p50Ms: quantile(times, 0.5) / 1_000, p99Ms: quantile(times, 0.99) / 1_000 };
  } finally {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
