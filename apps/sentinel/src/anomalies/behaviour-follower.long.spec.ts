// Behaviour is scored from the audit log by one replica at a time: the next goes on where it stopped, nothing twice, nothing left out.

import type { ModelScorer } from '@labmesh/anomaly';
import { AppError, type CallRecord } from '@labmesh/contracts';
import { modelsFolder, ProcessScoring } from '@labmesh/runtime';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callOf, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';
import { BehaviourFollower } from './behaviour-follower.js';
import { BehaviourProgressRepository } from './behaviour-progress.repository.js';
import { LookBack } from './look-back.js';
import { ObservedCallsRepository } from './observed-calls.repository.js';
import { openAnomalies, recordOf } from './open-anomalies.testing.js';

const INSTALL_ROOT = new URL('../../../..', import.meta.url).pathname;
const quiet = { warn: () => undefined, info: () => undefined } as never;
let world: World;
let scoring: ProcessScoring;
let lab: ReturnType<typeof replica>;
beforeAll(async () => {
  world = await openWorld();
  world.nowMs = Date.now();
  lab = replica(world);
  scoring = new ProcessScoring({
    log: quiet,
    metrics: { readings: { add: () => undefined } } as never,
    folder: modelsFolder(INSTALL_ROOT),
  });
});
afterAll(async () => {
  await scoring[Symbol.asyncDispose]();
  await world.close();
});
beforeEach(async () => {
  for (const table of ['anomalies', 'anomaly_alarms', 'behaviour_progress', 'outbox'])
    await world.database.pool.query(`TRUNCATE sentinel.${table}`);
  world.nowMs = Date.now();
});

const calls = (): ObservedCallsRepository => new ObservedCallsRepository(world.database);
/** One more replica of the Sentinel, whose steps are taken by hand. */
function follower() {
  const { anomalies, repository } = openAnomalies(world, { shadow: false, behaviour: 'block' });
  const progress = new BehaviourProgressRepository(world.database);
  const audit = { onStored: () => undefined };
  const lifecycle = { onServing: () => undefined };
  return new BehaviourFollower(progress, calls(), anomalies, repository, scoring, audit, lifecycle, quiet);
}
/** Guesses at ids, a second apart; it ends now. */
const guesses = (walletId: string, many: number, more: Partial<CallRecord> = {}): CallRecord[] =>
  Array.from({ length: many }, (_, at) =>
    recordOf({ walletId, outcome: 'not_found', at: new Date(Date.now() - (many - at) * 1_000).toISOString(), ...more }),
  );
const alarmed = async (): Promise<number> => world.database.prisma.anomalyAlarm.count();
/** What a step answers that found nothing, on a database that no other process has. */
const NOTHING_NEW_MS = 30_000;
const untilDone = async (one: BehaviourFollower): Promise<void> => {
  for (let round = 0; round < 100; round++) if ((await one.step()) === NOTHING_NEW_MS) return;
  throw new Error('never done');
};

describe('BehaviourFollower', () => {
  it('scores each record once, whoever does it, and goes on after a crash', async () => {
    const walletId = `wal_${uuidv7()}`;
    const [one, other] = [follower(), follower()];
    await one.step();
    await lab.audit.record(guesses(walletId, 60));
    await untilDone(one);
    const first = await alarmed();
    expect(first).toBeGreaterThan(20);
    expect(await other.step()).toBe(1_000);
    expect([one.leads, other.leads]).toEqual([true, false]);

    await lab.audit.record(guesses(walletId, 20));
    // The first replica is gone without a word: its lease is over.
    await world.database.pool.query("UPDATE sentinel.behaviour_progress SET held_until = now() - interval '1 s'");
    await untilDone(other);
    const second = await alarmed();
    expect(second).toBe(first + 20);
    // It was only slow: what it would store now is refused, and it begins anew.
    await lab.audit.record(guesses(walletId, 5));
    await expect(one.step()).rejects.toMatchObject({ code: 'conflict' });
    expect(one.leads).toBe(false);
    await untilDone(other);
    expect(await alarmed()).toBe(second + 5);
    expect(await world.database.prisma.anomaly.findMany()).toMatchObject([{ walletId, calls: second + 5 }]);
    // One that stops lets the next go on at once.
    await other.onModuleDestroy();
    await lab.audit.record(guesses(walletId, 1));
    await one.step();
    expect(one.leads).toBe(true);
    await one.onModuleDestroy();
  });

  it('begins with what is new: an old log is for looking back', async () => {
    const walletId = `wal_${uuidv7()}`;
    await lab.audit.record(guesses(walletId, 60));
    const one = follower();
    await untilDone(one);
    expect(await alarmed()).toBe(0);
    const look = new LookBack(calls(), scoring, () => world.nowMs);
    const from = new Date(Date.now() - 120_000).toISOString();
    const scan = look.scan({ from, walletId, limit: 1_000 }, callOf(principalOf('operator')));
    const progress: unknown[] = [];
    let answer = await scan.next();
    for (; answer.done !== true; answer = await scan.next()) progress.push(answer.value);
    expect(progress.length).toBeGreaterThan(1);
    expect(answer.value).toMatchObject({ scored: 60, complete: true, wallets: [{ walletId }] });
    expect(answer.value.unusual).toBeGreaterThan(20);
    expect(await alarmed()).toBe(0);
    await one.onModuleDestroy();
  });

  it('takes no offence at what agents do on their way, nor at refusals because of an anomaly', async () => {
    const walletId = `wal_${uuidv7()}`;
    const one = follower();
    await one.step();
    const about = { anomalyId: 'ano_1', restriction: 'block' };
    await lab.audit.record([
      ...guesses(walletId, 60, { chain: ['mechanic'] }),
      ...guesses(walletId, 60, { outcome: 'forbidden', decision: 'deny', about }),
    ]);
    await untilDone(one);
    expect(await alarmed()).toBe(0);
    await one.onModuleDestroy();
  });

  it('forgives what was resolved, also after another replica took over', async () => {
    const walletId = `wal_${uuidv7()}`;
    const { anomalies } = openAnomalies(world);
    const one = follower();
    await one.step();
    await lab.audit.record(guesses(walletId, 60));
    await untilDone(one);
    const [found] = await world.database.prisma.anomaly.findMany();
    world.nowMs = Date.now();
    const input = { anomalyId: found?.id ?? '', verdict: 'handled', note: '', others: true } as const;
    await anomalies.resolve(input, callOf(principalOf('operator')));
    const ordinary = (seconds: number) =>
      recordOf({ walletId, at: new Date(Date.now() + seconds * 1_000).toISOString() });
    await lab.audit.record([ordinary(1), ordinary(2)]);
    const before = await alarmed();
    await untilDone(one);
    expect(await alarmed()).toBe(before);
    await one.onModuleDestroy();
    const other = follower();
    await other.step();
    await lab.audit.record([ordinary(3)]);
    await untilDone(other);
    expect(await alarmed()).toBe(before);
    await other.onModuleDestroy();
  });

  it('leaves the lease to others while its process cannot score', async () => {
    const none = { model: async () => undefined, failed: () => true, counts: { scored: 0, dropped: 0 } };
    const { anomalies, repository } = openAnomalies(world);
    const progress = new BehaviourProgressRepository(world.database);
    const idle = { onStored: () => undefined, onServing: () => undefined };
    const without = new BehaviourFollower(progress, calls(), anomalies, repository, none, idle, idle, quiet);
    // Before the first record nobody needs the lease.
    expect(await without.step()).toBe(NOTHING_NEW_MS);
    await lab.audit.record(guesses(`wal_${uuidv7()}`, 1));
    expect(await without.step()).toBe(5_000);
    expect(without.leads).toBe(false);
    const one = follower();
    await one.step();
    expect(one.leads).toBe(true);
    await one.onModuleDestroy();
  });

  it('goes on behind what the model cannot read', async () => {
    const walletId = `wal_${uuidv7()}`;
    const warned: unknown[] = [];
    const log = { warn: (...said: unknown[]) => void warned.push(said), info: () => undefined } as never;
    const metrics = { readings: { add: () => undefined } } as never;
    await using own = new ProcessScoring({ log, metrics, folder: modelsFolder(INSTALL_ROOT) });
    const scorer = await own.model('behaviour');
    let broken = true;
    const scoreAll: ModelScorer['scoreAll'] = async (rows) => {
      if (!broken) return scorer?.scoreAll(rows) ?? [];
      throw new AppError('internal', 'The model could not be run: an odd row');
    };
    const odd = { model: async () => ({ scoreAll }) as never, failed: own.failed.bind(own), counts: own.counts };
    const { anomalies, repository } = openAnomalies(world);
    const idle = { onStored: () => undefined, onServing: () => undefined };
    const progress = new BehaviourProgressRepository(world.database);
    const one = new BehaviourFollower(progress, calls(), anomalies, repository, odd, idle, idle, quiet);
    await one.step();
    await lab.audit.record(guesses(walletId, 10));
    await untilDone(one);
    broken = false;
    await lab.audit.record(guesses(walletId, 60));
    await untilDone(one);
    expect(own.counts).toEqual({ scored: 60, dropped: 10 });
    expect([own.state, warned.length]).toEqual(['ready', 1]);
    expect(await alarmed()).toBeGreaterThan(20);
    await one.onModuleDestroy();
  });
});
