// What moving money costs: payments of eight clients through the bus beside pgbench's TPC-B on the same server in the same
// run, batches of a hundred, the same embedded, and a page of a long history beside one of a short one.
import { rm } from 'node:fs/promises';
import { startProcess } from '@labmesh/agent';
import { ChancellorModule } from '@labmesh/chancellor';
import { type LabConfig, readLabConfig } from '@labmesh/runtime';
import { SentinelModule } from '@labmesh/sentinel';
import { postgresDatabase, temporaryFolder } from '@labmesh/testing';
import { Module } from '@nestjs/common';
import { atMost, type BenchResult, type Figure, result, round } from '../report.js';
import { history } from './history.js';
import { CLIENTS, payers, perSecond, type Running } from './payers.js';
import { prepareTpcB, tpcB } from './tpc-b.js';

/** Shares of pgbench's TPC-B transactions a second that must be reached. */
const BUS_SHARE = 0.6;
const BATCH_SHARE = 1.5;
const EMBEDDED_PER_SECOND = 1_000;
const PAGE_RATIO_MAX = 1.5;

const TURNS = 3;
const SECONDS = 4;
const WARM_SECONDS = 2;
const BATCH = 100;

@Module({ imports: [SentinelModule, ChancellorModule] })
class MoneyLabModule {}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const row = (name: string, rate: number, beside?: number): Figure => ({
  case: name,
  values: { 'per second': Math.round(rate), ...(beside === undefined ? {} : { 'x TPC-B': round(rate / beside) }) },
});

export async function ledgerBench(): Promise<BenchResult> {
  await using server = await postgresDatabase();
  await using plain = await postgresDatabase();
  await prepareTpcB(plain.url);
  const { single, batched, tpc, pages } = await inLab({ DATABASE_URL: server.url }, async (lab) => {
    const clients = await payers(lab);
    const measured = { single: [] as number[], batched: [] as number[], tpc: [] as number[] };
    // In turns: what else the machine does meanwhile, it does to all three.
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const [rates, measure] of [
        [measured.tpc, (seconds: number) => tpcB(plain.url, CLIENTS, seconds)],
        [measured.single, (seconds: number) => perSecond(clients, 1, seconds)],
        [measured.batched, (seconds: number) => perSecond(clients, BATCH, seconds)],
      ] as const) {
        // The server's memory is still full of what was measured before.
        await measure(WARM_SECONDS);
        rates.push(await measure(SECONDS));
      }
    }
    return { ...measured, pages: await history(lab, server) };
  });
  const embedded = await inLab({}, async (lab) => perSecond(await payers(lab), 1, SECONDS));
  const [ours, many, theirs] = [median(single), median(batched), median(tpc)];
  return result(
    'ledger',
    [
      row(`pgbench TPC-B, scale 10, ${CLIENTS} clients: transactions`, theirs),
      row(`payments of ${CLIENTS} clients through the bus, PostgreSQL`, ours, theirs),
      row(`payments in batches of ${BATCH}, ${CLIENTS} clients, PostgreSQL`, many, theirs),
      row(`payments of ${CLIENTS} clients through the bus, embedded`, embedded),
      ...pages.figures,
    ],
    [
      atMost(
        'TPC-B transactions a second, times the payments through the bus',
        round(theirs / ours),
        round(1 / BUS_SHARE),
      ),
      atMost(
        'TPC-B transactions a second, times the payments in batches',
        round(theirs / many),
        round(1 / BATCH_SHARE),
      ),
      atMost('embedded: microseconds for a payment', Math.round(1e6 / embedded), 1e6 / EMBEDDED_PER_SECOND),
      atMost('a page of 1,000,000 entries, times a page of 1,000', round(pages.ratio), PAGE_RATIO_MAX),
    ],
    ['Each payment is authorized, recorded in the audit log and told as an event in the same process meanwhile.'],
  );
}

async function inLab<T>(env: Record<string, string>, measure: (lab: Running) => Promise<T>): Promise<T> {
  const home = await temporaryFolder('bench-ledger');
  const config: LabConfig = readLabConfig({ port: 0, home, logLevel: 'error' }, env);
  const lab = await startProcess({ name: 'bench', module: MoneyLabModule, config, database: true, blobs: true });
  try {
    return await measure(lab);
  } finally {
    await lab.stop();
    await rm(home, { recursive: true, force: true });
  }
}
