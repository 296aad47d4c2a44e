// How many audit records a second the log takes: stored, and signed for.
import { createHash } from 'node:crypto';
import type { Bus } from '@labmesh/bus';
import { type CallRecord, callsRecorded } from '@labmesh/contracts';
import { BUS } from '@labmesh/runtime';
import { v7 as uuidv7 } from 'uuid';
import { atMost, round } from '../report.js';
import type { Part, Running } from './part.js';

const BATCH = 500;
const BATCHES = 100;
const APPENDS_MIN = 5_000;

export async function appends(lab: Running, database: string): Promise<Part> {
  const bus = lab.get<Bus>(BUS);
  const store = async (batches: number): Promise<number> => {
    const records = Array.from({ length: batches }, () => Array.from({ length: BATCH }, () => record()));
    const started = performance.now();
    for (const batch of records) await bus.publish(callsRecorded, { records: batch });
    return (performance.now() - started) / 1_000;
  };
  await store(5);
  const seconds = await store(BATCHES);
  const perSecond = (BATCH * BATCHES) / seconds;
  const values = { 'records/s': round(perSecond), 'us/record': round(1e6 / perSecond) };
  return {
    figures: [{ case: `audit records stored and signed for, ${database}, batches of ${BATCH}`, values }],
    floors:
      database === 'PostgreSQL' ? [atMost('audit records: us each', round(1e6 / perSecond), 1e6 / APPENDS_MIN)] : [],
  };
}

function record(): CallRecord {
  return {
    id: uuidv7(),
    callId: uuidv7(),
    at: new Date().toISOString(),
    walletId: 'wal_01920000-0000-7000-8000-000000000001',
    credentialId: uuidv7(),
    chain: [],
    agent: 'curator',
    tool: 'fetch_dataset',
    decision: 'allow',
    outcome: 'ok',
    durationMs: 1.234,
    inputHash: createHash('sha256').update(uuidv7()).digest('hex'),
    outputHash: createHash('sha256').update(uuidv7()).digest('hex'),
    inputBytes: 40,
    outputBytes: 4_000,
    about: { datasetId: 'ds_donki-solar-flares-2016-2018' },
  };
}
