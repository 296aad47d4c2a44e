// Sentinel and Curator in one process, for measuring: asks the Curator over the bus as a gateway does, with a pass, and says what a
// fetch of a thousand cached rows took. With NATS_URL the request and its answer go through the broker.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess } from '@labmesh/agent';
import { type Bus, callHeaders } from '@labmesh/bus';
import { cancelSubject, curator, toolSubject } from '@labmesh/contracts';
import { CuratorModule } from '@labmesh/curator';
import { askSentinel } from '@labmesh/identity';
import { BUS, newId, readLabConfig } from '@labmesh/runtime';
import { SentinelModule } from '@labmesh/sentinel';
import { Module } from '@nestjs/common';
import { quantile, timed } from '../timed.js';
import { rowOf } from './measured-rows.js';

const WARMING = 50;
const CALLS = 300;

@Module({ imports: [SentinelModule, CuratorModule] })
class BenchModule {}

const config = readLabConfig({ port: 0, home: '.labmesh-bench', logLevel: 'error' }, process.env);
const lab = await startProcess({
  name: 'data',
  module: BenchModule,
  config,
  database: true,
  blobs: true,
  keepsStores: true,
});
const bus = lab.get<Bus>(BUS);
const credential = readFileSync(join(config.home, 'operator.token'), 'utf8').trim();

async function ask<T>(tool: 'fetch_dataset' | 'submit_dataset', input: object, pass: string): Promise<T> {
  const { timeoutMs, ...spec } = curator.tools[tool];
  const headers = callHeaders({ callId: newId(), deadline: Date.now() + timeoutMs, pass });
  const asked = { headers, timeoutMs, streaming: 'progress' in spec, cancelSubject: cancelSubject(curator.name) };
  return (await bus.request(toolSubject(curator.name, tool), input, asked)) as T;
}

const rows = Number(process.env.ROWS);
const { pass } = await askSentinel(bus, 'issue_pass', { credential, agent: curator.name });
const content = JSON.stringify(Array.from({ length: rows }, (_, n) => rowOf(n)));
const submission = { name: 'Bench', format: 'json', content };
const { dataset } = await ask<{ dataset: { datasetId: string } }>('submit_dataset', submission, pass);
const fetchAll = async (): Promise<void> => {
  const fetched = await ask<{ rows: unknown[] }>('fetch_dataset', { datasetId: dataset.datasetId, limit: rows }, pass);
  if (fetched.rows.length !== rows) throw new Error('All rows must come, or another thing is measured');
};
await timed(WARMING, fetchAll);
const times = await timed(CALLS, fetchAll);
process.once('SIGTERM', () => void lab.stop().then(() => process.exit(0)));
process.send?.({ p50Ms: quantile(times, 0.5) / 1_000, p99Ms: quantile(times, 0.99) / 1_000 });
