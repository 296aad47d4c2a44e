// Policies and roles on one PostgreSQL server, where replicas really set them at once: nobody's change is lost, no credential escapes.
import { Policy } from '@labmesh/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callOf, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';
import { type ServerDatabase, serverDatabase } from '../server-database.testing.js';

let server: ServerDatabase;
let world: World;
let replicas: Array<ReturnType<typeof replica>>;
beforeAll(async () => {
  server = await serverDatabase();
  world = await openWorld(server.url);
  replicas = [replica(world), replica(world), replica(world)];
  for (const each of replicas) await each.keys.onModuleInit();
});
afterAll(async () => {
  for (const each of replicas) each.broadcast.onModuleDestroy();
  await world?.close();
  await server?.drop();
});

it('of several that were made from one version one is set, and the others hear of a conflict', async () => {
  const call = callOf(principalOf('operator'));
  for (let baseVersion = 0; baseVersion < 10; baseVersion++) {
    const settled = await Promise.allSettled(
      replicas.map((each, at) => {
        const rules = [{ id: `r${at}`, description: `By ${at}, on ${baseVersion}`, deny: { agents: ['curator'] } }];
        const input = { policy: Policy.parse({ rules }), note: 'Race', dryRun: false, sinceHours: 1, baseVersion };
        return each.policySetting.set(input, call);
      }),
    );
    const set = settled.filter(({ status }) => status === 'fulfilled');
    expect(set).toMatchObject([{ value: { version: baseVersion + 1, set: true } }]);
    for (const { status, reason } of settled as PromiseRejectedResult[])
      if (status === 'rejected') expect(reason).toMatchObject({ code: 'conflict' });
  }
});

it('no credential is left with an old role, made at the very moment or not', async () => {
  const [setting, ...issuing] = replicas;
  for (let round = 0; round < 15; round++) {
    const person = principalOf('researcher');
    await setting?.principals.learn(person.walletId, 'researcher');
    const role = 'citizen' as const;
    const made = issuing.flatMap((each) =>
      Array.from({ length: 3 }, () => each.issuer.issueFor({ kind: 'client_key', refreshable: false }, callOf(person))),
    );
    const change = setting?.roleSetting.set({ walletId: person.walletId, role }, callOf(principalOf('operator')));
    const [keys] = await Promise.all([Promise.all(made), change]);
    for (const { token } of keys) {
      const verified = await setting?.check.verify(token);
      expect(verified?.principal.role).toBe('citizen');
      expect(verified?.principal.permissions).not.toContain('dataset:write');
    }
  }
});

it('changes of one role by several replicas are counted, and the last one stays', async () => {
  const person = principalOf('researcher');
  await replicas[0]?.principals.learn(person.walletId, 'researcher');
  const roles = ['citizen', 'validator', 'developer'] as const;
  const operator = callOf(principalOf('operator'));
  await Promise.all(
    replicas.map((each, at) =>
      each.roleSetting.set({ walletId: person.walletId, role: roles[at] ?? 'citizen' }, operator),
    ),
  );
  const newest = replicas.flatMap(({ heard }) =>
    heard.map(({ body }) => body as { walletId?: string; change: number; role: string }),
  );
  const told = newest.filter(({ walletId }) => walletId === person.walletId).sort((a, b) => b.change - a.change);
  expect(told[0]).toMatchObject({ change: 3, role: await replicas[1]?.principals.roleOf(person.walletId, operator) });
});
