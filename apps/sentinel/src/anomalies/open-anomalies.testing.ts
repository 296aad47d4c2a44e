// The Sentinel's anomalies on a real, throw-away database, for their tests: what is told, counted and logged is kept to look at.
import type { AnomalyPolicy, CallRecord } from '@labmesh/contracts';
import { AnomalyPolicy as PolicySchema } from '@labmesh/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { World } from '../open-sentinel.testing.js';
import { OperatorRepository } from '../operator/operator.repository.js';
import type { Alarm } from './alarm.js';
import { Anomalies } from './anomalies.js';
import { AnomaliesRepository } from './anomalies.repository.js';

export function openAnomalies(world: World, policy: Partial<AnomalyPolicy> = {}) {
  const outbox = { poke: () => undefined };
  const repository = new AnomaliesRepository(world.database, outbox);
  const current = { policy: PolicySchema.parse(policy) };
  const counted: string[] = [];
  const logged: Array<{ level: 'warn' | 'info'; about: object }> = [];
  const anomalies = new Anomalies(
    repository,
    new OperatorRepository(world.database, outbox),
    { current: () => current.policy },
    {
      anomaly: (model, response, mode, count) => {
        if (count > 0) counted.push(`${model} ${response} ${mode}`);
      },
      unusualCalls: (model, count) => {
        if (count > 0) counted.push(`${model} +${count}`);
      },
    },
    {
      warn: (about: object) => void logged.push({ level: 'warn', about }),
      info: (about: object) => void logged.push({ level: 'info', about }),
    } as never,
    () => world.nowMs,
  );
  return { anomalies, repository, current, counted, logged };
}

export const alarmOf = (world: World, more: Partial<Alarm> = {}): Alarm => ({
  id: uuidv7(),
  model: 'content',
  callId: uuidv7(),
  at: new Date(world.nowMs),
  walletId: `wal_${uuidv7()}`,
  credentialId: `cred_${uuidv7()}`,
  agent: 'librarian',
  tool: 'get_document',
  score: 8,
  threshold: 4,
  reasons: [{ feature: 'most surprising 8 characters', share: 0.6 }],
  ...more,
});

export const recordOf = (more: Partial<CallRecord> = {}): CallRecord => ({
  about: null,
  agent: 'curator',
  at: new Date().toISOString(),
  callId: uuidv7(),
  chain: [],
  credentialId: 'cred_1',
  decision: 'allow',
  durationMs: 1,
  id: uuidv7(),
  inputBytes: 60,
  inputHash: uuidv7().replaceAll('-', '').repeat(2),
  outcome: 'ok',
  outputBytes: 400,
  outputHash: null,
  tool: 'fetch_dataset',
  walletId: null,
  ...more,
});
