// Routes on a real database: what lands is given to the agents that want it, again until they have taken it, and once settled is settled.
import { type Call, curator, type Routed } from '@labmesh/contracts';
import { Lifecycle } from '@labmesh/runtime';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CuratorParts, curatorParts, walletOf } from '../curator.testing.js';
import { LAB } from '../datasets/dataset.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { Router } from './router.js';
import { RoutesRepository } from './routes.repository.js';
import { Routing } from './routing.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';
const SHIPPED = 'rt_datasets-of-the-lab';

interface Sent {
  readonly deliveryId: string;
  readonly to: string;
  readonly proof: string;
  readonly data: Routed;
}

let parts: CuratorParts;
let routes: RoutesRepository;
let deliveries: DeliveriesRepository;
let router: Router;
let routing: Routing;
beforeAll(async () => {
  parts = await curatorParts();
  await parts.loader.onModuleInit();
});
afterAll(() => parts?.[Symbol.asyncDispose]());
/** Nothing is routed but the first version of the shipped dataset, which has just landed. */
beforeEach(async () => {
  for (const table of ['deliveries', 'routes', 'shipped_routes', 'outbox'])
    await parts.database.pool.query(`DELETE FROM curator.${table}`);
  await parts.database.pool.query(
    'UPDATE curator.dataset_versions SET routed_at = CASE WHEN dataset_id = $1 AND version = 1 THEN NULL ELSE now() END',
    [FLARES],
  );
  routes = new RoutesRepository(parts.database);
  deliveries = new DeliveriesRepository(parts.database, { poke: () => undefined });
  router = routerOn();
  routing = new Routing(routes, deliveries, router);
});
afterEach(() => router.onModuleDestroy());

/** Looks when it is woken, and not by itself. */
function routerOn(): Router {
  const lifecycle = new Lifecycle();
  const arrivals = { whenChanged: () => undefined };
  return new Router(routes, deliveries, arrivals, lifecycle, {
    warn: (at: unknown) => expect.fail(JSON.stringify(at)),
  });
}

/** Every event that left, in order. */
async function sent(): Promise<Sent[]> {
  const { rows } = await parts.database.pool.query<{ payload: { payload: Sent } }>(
    `SELECT payload FROM curator.outbox WHERE subject LIKE '%data_routed' ORDER BY created_at, id`,
  );
  return rows.map(({ payload }) => curator.events.data_routed.payload.parse(payload.payload));
}

/** Lets what waits be due, and looks. */
async function look(): Promise<Sent[]> {
  const before = (await sent()).length;
  await parts.database.pool.query(`UPDATE curator.deliveries SET next_at = now() WHERE state = 'waiting'`);
  await router.wake();
  return (await sent()).slice(before);
}

/** Each is another one than those before. */
const newVersion = async (): Promise<string> => {
  const note = `as of ${uuidv7()}`;
  const rows = [{ beginTime: '2018-01-01', classType: note }];
  await parts.writer.keep({
    id: FLARES,
    name: 'Flares',
    description: note,
    format: 'json',
    rowCount: 1,
    owner: LAB,
    source: 'nasa-donki',
    topics: ['sun'],
    note: null,
    provenance: {
      source: 'test',
      license: 'CC0-1.0',
      obtainedAt: new Date().toISOString(),
      derivedFrom: null,
      note: null,
    },
    rowSchema: {
      type: 'object',
      properties: { beginTime: { type: 'string' }, classType: { type: ['string', 'null'] }, any: true },
    },
    columns: null,
    content: await parts.writer.put([Buffer.from(JSON.stringify(rows))]),
  });
  return note;
};

const standing = async (routeId = SHIPPED) => {
  const {
    routes: [route],
  } = await routing.list({ routeId });
  const { delivered, waiting, failed } = route ?? {};
  return { delivered, waiting, failed };
};

describe('a version of the lab’s that lands', () => {
  it('is given to the Librarian, until it has taken it', async () => {
    await router.onModuleInit();
    const [first, ...more] = await look();
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      to: 'librarian',
      data: { source: 'lab', dataset: { datasetId: FLARES, version: 1, rows: 98 } },
    });
    expect(first?.data.dataset?.columns).toContainEqual({ name: 'classType', type: 'string' });
    expect(await standing()).toEqual({ delivered: 0, waiting: 1, failed: 0 });

    const [again] = await look();
    expect(again?.deliveryId).toBe(first?.deliveryId);
    const settle = (proof: string, outcome: 'taken' | 'failed' | 'refused') =>
      routing.settle({ deliveryId: first?.deliveryId ?? '', proof, outcome });
    // The proof of an attempt that was given up settles nothing.
    expect(await settle(first?.proof ?? '', 'taken')).toEqual({ settled: false });
    expect(await settle(again?.proof ?? '', 'taken')).toEqual({ settled: true });
    expect(await settle(again?.proof ?? '', 'refused')).toEqual({ settled: false });
    expect(await standing()).toEqual({ delivered: 1, waiting: 0, failed: 0 });
    expect(await look()).toEqual([]);
  });

  it('is given once for each version, as it is then', async () => {
    await router.onModuleInit();
    await look();
    const description = await newVersion();
    const given = (await look()).map(({ data }) => data);
    expect(given).toHaveLength(2);
    expect(given.find(({ dataset }) => dataset?.version !== 1)).toMatchObject({
      topics: ['sun'],
      dataset: {
        description,
        origin: 'test',
        license: 'CC0-1.0',
        columns: [
          { name: 'beginTime', type: 'string' },
          { name: 'classType', type: 'string or null' },
          { name: 'any', type: 'any' },
        ],
      },
    });
  });

  it('is given up after ten attempts that nobody took, and sent again when somebody says so', async () => {
    await router.onModuleInit();
    for (let attempt = 0; attempt < 10; attempt += 1) expect(await look()).toHaveLength(1);
    expect(await look()).toEqual([]);
    expect(await standing()).toEqual({ delivered: 0, waiting: 0, failed: 1 });
    expect((await routing.list({ routeId: SHIPPED })).routes[0]?.failures[0]).toMatchObject({
      datasetId: FLARES,
      attempts: 10,
      error: /did not answer/,
    });
    const before = (await sent()).length;
    expect(await routing.set({ routeId: SHIPPED, replay: 'failed' })).toMatchObject({ replayed: 1 });
    await router.wake();
    expect((await sent()).slice(before)).toHaveLength(1);
  });

  it('is given up at once when it is refused, with the reason', async () => {
    await router.onModuleInit();
    const [first] = await look();
    const { deliveryId = '', proof = '' } = first ?? {};
    await routing.settle({ deliveryId, proof, outcome: 'failed', error: 'not now' });
    const [second] = await look();
    await routing.settle({ deliveryId, proof: second?.proof ?? '', outcome: 'refused', error: 'never' });
    expect(await look()).toEqual([]);
    expect((await routing.list({ routeId: SHIPPED })).routes[0]?.failures).toMatchObject([
      { error: 'never', attempts: 2 },
    ]);
  });

  it('of a wallet’s own goes nowhere by itself', async () => {
    await router.onModuleInit();
    await look();
    await walletOf(() => parts).submit([{ secret: 1 }]);
    expect((await look()).filter(({ data }) => data.dataset?.datasetId !== FLARES)).toEqual([]);
  });

  it('is planned once by two replicas that look at the same time', async () => {
    await router.onModuleInit();
    await newVersion();
    const enabled = await routes.all();
    await Promise.all([deliveries.planLanded(enabled), deliveries.planLanded(enabled), deliveries.planLanded(enabled)]);
    expect(await standing()).toEqual({ delivered: 0, waiting: 2, failed: 0 });
    const counts = await Promise.all([deliveries.sendDue(), deliveries.sendDue()]);
    expect(counts[0] + counts[1]).toBe(2);
  });
});

describe('routes', () => {
  it('are made, changed, switched off, replayed and removed', async () => {
    await router.onModuleInit();
    await look();
    const { route } = await routing.set({ name: 'Sun', to: 'librarian', match: { packets: false, topics: ['sun'] } });
    const routeId = route?.routeId ?? '';
    expect(route).toMatchObject({ name: 'Sun', enabled: true, match: { topics: ['sun'] }, waiting: 0 });
    await newVersion();
    await look();
    expect(await standing(routeId)).toMatchObject({ waiting: 1 });
    await routing.set({ routeId, enabled: false });
    expect((await look()).filter(({ data }) => data.dataset?.version !== 1)).toHaveLength(1);
    expect((await routing.set({ routeId, enabled: true, match: { packets: false }, replay: 'all' })).replayed).toBe(0);
    expect(await routing.set({ routeId, remove: true })).toEqual({ route: null, replayed: 0 });
    await expect(routing.list({ routeId })).rejects.toMatchObject({ code: 'not_found' });
    await expect(routing.set({ name: 'x', to: 'mechanic' })).rejects.toMatchObject({
      code: 'invalid_input',
      message: /librarian/,
    });
    await expect(routing.set({ to: 'librarian' })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('of the lab’s own stay removed', async () => {
    await router.onModuleInit();
    await routing.set({ routeId: SHIPPED, remove: true });
    await router.onModuleInit();
    expect(await routes.all()).toEqual([]);
  });
});

describe('what another agent routes', () => {
  const call = (): Call => walletOf(() => parts).call;
  it('is a packet, once by its id, to the routes that take packets', async () => {
    await routing.set({ name: 'All', to: 'librarian', match: { packets: true, topics: ['alerts'] } });
    const packetId = uuidv7();
    const given = { packetId, topics: ['alerts'], source: 'packet', packet: { peak: 1 } };
    expect((await routing.give(given, call())).deliveries).toHaveLength(1);
    expect((await routing.give(given, call())).deliveries).toHaveLength(0);
    expect((await routing.give({ ...given, packetId: uuidv7(), topics: [] }, call())).deliveries).toHaveLength(0);
    const heavy = { text: 'x'.repeat(70_000) };
    await expect(routing.give({ ...given, packet: heavy }, call())).rejects.toMatchObject({ code: 'too_large' });
    await expect(routing.give({ topics: [], source: 'packet' }, call())).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('is a dataset of its caller’s or of the lab, and no one else’s', async () => {
    await routing.set({ name: 'All', to: 'librarian', match: { packets: false } });
    const mine = walletOf(() => parts);
    const { dataset } = await mine.submit([{ a: 1 }]);
    const wish = { datasetId: dataset.datasetId, topics: [], source: 'packet' };
    expect((await routing.give(wish, mine.call)).deliveries).toHaveLength(1);
    await expect(routing.give(wish, call())).rejects.toMatchObject({ code: 'not_found' });
    await expect(routing.give({ ...wish, version: 9 }, mine.call)).rejects.toMatchObject({ code: 'not_found' });
  });
});
