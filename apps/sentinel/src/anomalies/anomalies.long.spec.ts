// What becomes of alarms: one anomaly for a campaign, the policy's answer, and a way back that is always open.
import { ANOMALY_RESPONSES, Anomaly, type AnomalyResponse, type Principal } from '@labmesh/contracts';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callOf, openWorld, principalOf, type World } from '../open-sentinel.testing.js';
import { AnomalyReport } from './anomaly-report.js';
import { ModelCards } from './model-cards.js';
import { ObservedCallsRepository } from './observed-calls.repository.js';
import { alarmOf, openAnomalies } from './open-anomalies.testing.js';

const INSTALL_ROOT = new URL('../../../..', import.meta.url).pathname;
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  for (const table of ['anomalies', 'anomaly_alarms', 'outbox'])
    await world.database.pool.query(`TRUNCATE sentinel.${table}`);
});

const operator: Principal = principalOf('operator');
const told = async (): Promise<Array<{ subject: string; payload: { payload: Record<string, unknown> } }>> =>
  (await world.database.pool.query('SELECT subject, payload FROM sentinel.outbox ORDER BY created_at')).rows;
const reportOf = (lab: ReturnType<typeof openAnomalies>): AnomalyReport => {
  const calls = new ObservedCallsRepository(world.database);
  const bus = { scatter: async () => [{ body: { state: 'ready', scored: 7, dropped: 1 }, latencyMs: 1 }] };
  return new AnomalyReport(
    lab.repository,
    calls,
    new ModelCards({ installRoot: INSTALL_ROOT }),
    bus,
    () => world.nowMs,
  );
};

describe('alarms', () => {
  it('of one wallet and model within an hour are one anomaly, each counted once', async () => {
    const lab = openAnomalies(world);
    const walletId = `wal_${uuidv7()}`;
    const alarm = (minutes: number, more = {}) =>
      alarmOf(world, { walletId, at: new Date(world.nowMs + minutes * 60_000), ...more });
    const campaign = Array.from({ length: 120 }, (_, at) => alarm(at, { score: at === 60 ? 20 : 8 }));
    world.nowMs += 120 * 60_000;
    await lab.anomalies.take(campaign.slice(0, 50));
    await lab.anomalies.take(campaign.slice(40));
    await lab.anomalies.take(campaign);
    const { anomalies } = await reportOf(lab).report({ limit: 50 });
    expect(anomalies).toHaveLength(1);
    expect(anomalies[0]).toMatchObject({
      calls: 120,
      score: 20,
      callId: campaign[60]?.callId,
      firstAt: campaign[0]?.at.toISOString(),
      lastAt: campaign[119]?.at.toISOString(),
    });
    await lab.anomalies.take([alarm(61, { model: 'behaviour' }), alarm(0, { walletId: `wal_${uuidv7()}` })]);
    world.nowMs += 62 * 60_000;
    await lab.anomalies.take([alarm(0)]);
    expect((await reportOf(lab).report({ limit: 50 })).anomalies).toHaveLength(4);
    expect((await reportOf(lab).report({ limit: 50, walletId, model: 'content' })).anomalies).toHaveLength(2);
  });

  it('that replicas take at the same time find each other', async () => {
    const [one, other] = [openAnomalies(world), openAnomalies(world)];
    const walletId = `wal_${uuidv7()}`;
    await Promise.all(
      [one, other].flatMap(({ anomalies }) =>
        Array.from({ length: 5 }, () => anomalies.take([alarmOf(world, { walletId })])),
      ),
    );
    const { anomalies } = await reportOf(one).report({ limit: 50 });
    expect(anomalies.map(({ calls }) => calls)).toEqual([10]);
  });

  it('are told, logged and counted as the policy says, and no text is anywhere', async () => {
    for (const response of ANOMALY_RESPONSES) {
      const lab = openAnomalies(world, { shadow: false, content: response });
      const alarm = alarmOf(world);
      await lab.anomalies.take([{ ...alarm, span: 'etc/shadow' } as never]);
      expect(lab.counted).toEqual(['content +1', `content ${response} enforced`]);
      expect(lab.logged.map(({ level }) => level)).toEqual(response === 'record' ? [] : ['warn']);
      const restricted = (await lab.anomalies.restrictions()).restrictions.filter(
        ({ walletId }) => walletId === alarm.walletId,
      );
      const kinds: AnomalyResponse[] = ['fresh_token', 'throttle', 'block'];
      expect(restricted.map(({ kind }) => kind)).toEqual(kinds.filter((kind) => kind === response));
    }
    const events = await told();
    const found = events.filter(({ subject }) => subject.endsWith('anomaly_found'));
    expect(found).toHaveLength(5);
    for (const { payload } of found) Anomaly.parse(payload.payload);
    expect(events.filter(({ subject }) => subject.endsWith('restriction_changed'))).toHaveLength(3);
    expect(JSON.stringify(events)).not.toContain('etc/shadow');
  });

  it('in shadow mode only say what would have been done', async () => {
    const lab = openAnomalies(world, { content: 'block' });
    await lab.anomalies.take([alarmOf(world)]);
    expect((await lab.anomalies.restrictions()).restrictions).toEqual([]);
    expect(lab.logged.map(({ level }) => level)).toEqual(['info']);
    expect(lab.counted).toContain('content block shadow');
    expect((await reportOf(lab).report({ limit: 1 })).anomalies[0]).toMatchObject({
      response: 'block',
      enforced: false,
      restricted: false,
      done: expect.stringContaining('in shadow mode'),
    });
    // The policy is set: the next alarm of the same campaign is answered.
    lab.current.policy = { ...lab.current.policy, shadow: false };
    const walletId = (await lab.repository.page({}, undefined, 1))[0]?.walletId ?? null;
    await lab.anomalies.take([alarmOf(world, { walletId })]);
    expect((await lab.anomalies.restrictions()).restrictions).toMatchObject([{ walletId, kind: 'block' }]);
  });

  it('never keep the operator, or whoever is nobody, from anything; late ones are only recorded', async () => {
    const lab = openAnomalies(world, { shadow: false, content: 'block' });
    await world.database.prisma.walletRole.create({ data: { walletId: operator.walletId, role: 'operator' } });
    await lab.anomalies.take([
      alarmOf(world, { walletId: operator.walletId }),
      alarmOf(world, { walletId: null, credentialId: null }),
      alarmOf(world, { at: new Date(world.nowMs - 7_200_000) }),
    ]);
    expect((await lab.anomalies.restrictions()).restrictions).toEqual([]);
    const { anomalies } = await reportOf(lab).report({ limit: 50 });
    expect(anomalies.map(({ response }) => response).sort()).toEqual(['alert', 'alert', 'record']);
  });
});

describe('restrictions', () => {
  it('end by themselves, and are made longer by later alarms without telling everybody each time', async () => {
    const lab = openAnomalies(world, { shadow: false, content: 'throttle', forMinutes: 30 });
    const walletId = `wal_${uuidv7()}`;
    const begin = world.nowMs;
    for (let minute = 0; minute < 20; minute++) {
      world.nowMs = begin + minute * 60_000;
      await lab.anomalies.take([alarmOf(world, { walletId })]);
    }
    const { restrictions } = await lab.anomalies.restrictions();
    expect(restrictions).toHaveLength(1);
    const until = Date.parse(restrictions[0]?.until ?? '');
    expect(until).toBeGreaterThan(begin + 45 * 60_000);
    expect(restrictions[0]?.revision).toBeLessThan(8);
    expect(restrictions[0]?.since).toBe(new Date(begin).toISOString());
    world.nowMs = until;
    expect((await lab.anomalies.restrictions()).restrictions).toEqual([]);
  });

  it('end when the anomaly is resolved; late alarms of the same time change nothing, new ones do', async () => {
    const lab = openAnomalies(world, { shadow: false, content: 'block' });
    const walletId = `wal_${uuidv7()}`;
    const first = alarmOf(world, { walletId });
    await lab.anomalies.take([first]);
    const id = (await lab.repository.page({}, undefined, 1))[0]?.id ?? '';
    world.nowMs += 1_000;
    const input = { anomalyId: id, verdict: 'false_alarm', note: 'a snippet of code', others: true } as const;
    expect(await lab.anomalies.resolve(input, callOf(operator))).toMatchObject({
      lifted: true,
      anomaly: { state: 'resolved', resolvedBy: operator.walletId, verdict: 'false_alarm', restricted: false },
    });
    expect((await told()).at(-1)?.payload.payload).toMatchObject({
      restrictions: [{ anomalyId: id, walletId, revision: 1, lifted: true }],
    });
    await lab.anomalies.take([alarmOf(world, { walletId, at: first.at, score: 30 })]);
    world.nowMs += 1_000;
    await lab.anomalies.take([alarmOf(world, { walletId, score: 7 })]);
    expect((await lab.anomalies.restrictions()).restrictions).toEqual([]);
    await lab.anomalies.take([alarmOf(world, { walletId, score: 31 })]);
    expect((await lab.anomalies.restrictions()).restrictions).toHaveLength(1);
    await expect(lab.anomalies.resolve(input, callOf(operator))).rejects.toMatchObject({ code: 'conflict' });
    const unknown = { ...input, anomalyId: `ano_${uuidv7()}` };
    await expect(lab.anomalies.resolve(unknown, callOf(operator))).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('resolving one anomaly', () => {
  it('lets the wallet in: its others are resolved too, and so is what was found late of the same time', async () => {
    const lab = openAnomalies(world, { shadow: false, content: 'block', behaviour: 'throttle' });
    const walletId = `wal_${uuidv7()}`;
    const at = new Date(world.nowMs);
    await lab.anomalies.take([alarmOf(world, { walletId }), alarmOf(world, { walletId: `wal_${uuidv7()}` })]);
    const [text] = await lab.repository.page({ walletId }, undefined, 1);
    const said = { anomalyId: text?.id ?? '', verdict: 'real', note: '' } as const;
    world.nowMs += 1_000;
    await lab.anomalies.take([alarmOf(world, { walletId, model: 'behaviour' })]);
    const [deeds] = await lab.repository.page({ walletId, model: 'behaviour' }, undefined, 1);
    expect((await lab.anomalies.resolve({ ...said, others: false }, callOf(operator))).alsoResolved).toEqual([]);
    expect((await lab.anomalies.restrictions()).restrictions).toMatchObject([{}, {}]);
    const again = await lab.anomalies.resolve({ ...said, anomalyId: deeds?.id ?? '', others: true }, callOf(operator));
    expect(again).toMatchObject({ lifted: true, alsoResolved: [] });

    const other = `wal_${uuidv7()}`;
    await lab.anomalies.take([
      alarmOf(world, { walletId: other, at }),
      alarmOf(world, { walletId: other, at, model: 'behaviour' }),
    ]);
    const [one, two] = await lab.repository.page({ walletId: other }, undefined, 2);
    world.nowMs += 1_000;
    const both = await lab.anomalies.resolve({ ...said, anomalyId: one?.id ?? '', others: true }, callOf(operator));
    expect(both).toMatchObject({ lifted: true, alsoResolved: [two?.id] });

    const third = `wal_${uuidv7()}`;
    await lab.anomalies.take([alarmOf(world, { walletId: third, at })]);
    const [only] = await lab.repository.page({ walletId: third }, undefined, 1);
    await lab.anomalies.resolve({ ...said, anomalyId: only?.id ?? '', others: true }, callOf(operator));
    await lab.anomalies.take([alarmOf(world, { walletId: third, at, model: 'behaviour' })]);
    expect(await lab.repository.page({ walletId: third }, undefined, 2)).toMatchObject([
      { model: 'behaviour', verdict: 'real' },
      { model: 'content', verdict: 'real' },
    ]);
    const { restrictions } = await lab.anomalies.restrictions();
    expect(restrictions.filter((one) => [walletId, other, third].includes(one.walletId))).toEqual([]);
  });
});

describe('the report', () => {
  it('is paged, newest first, with figures and the models’ cards', async () => {
    const lab = openAnomalies(world);
    const alarms = Array.from({ length: 5 }, () => alarmOf(world));
    for (const alarm of alarms) await lab.anomalies.take([alarm]);
    const report = reportOf(lab);
    const first = await report.report({ limit: 3 });
    const rest = await report.report({ limit: 3, before: first.next });
    expect([...first.anomalies, ...rest.anomalies].map(({ callId }) => callId)).toEqual(
      alarms.map(({ callId }) => callId).reverse(),
    );
    expect(rest.next).toBeUndefined();
    expect(first.summary).toMatchObject({
      open: 5,
      found: [{ model: 'content', response: 'record', enforced: false, anomalies: 5, calls: 5 }],
      scoring: { processes: 1, without: 0, scored: 7, dropped: 1 },
      models: [
        {
          model: 'content',
          trained: expect.stringMatching(/^\d{4}-/),
          falseAlarmRate: '1 of 333 texts of many origins',
        },
        { model: 'behaviour' },
      ],
    });
  });
});
