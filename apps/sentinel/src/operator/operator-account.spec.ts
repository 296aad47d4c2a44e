// The operator: one wallet however many replicas start, one event, and a file that always holds a good key.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PERMISSIONS } from '@labmesh/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, replica, type World } from '../open-sentinel.testing.js';

const masterKey = Buffer.alloc(32, 7);
const DAY_MS = 86_400_000;
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function start(home?: string) {
  const lab = replica(world, { masterKey, ...(home === undefined ? {} : { home }) });
  await lab.keys.onModuleInit();
  await lab.operator.onApplicationBootstrap();
  return lab;
}
const tokenIn = async (home = world.home): Promise<string> =>
  (await readFile(join(home, 'operator.token'), 'utf8')).trimEnd();

describe('OperatorAccount', () => {
  it('knows nobody before the start is over', () => {
    expect(() => replica(world).operator.walletId()).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });

  it('enrols one wallet for replicas that start at once, and tells it once', async () => {
    const homes = await Promise.all([1, 2, 3].map(() => mkdtemp(join(tmpdir(), 'operator-'))));
    const labs = await Promise.all([...homes, undefined].map((home) => start(home)));
    const [walletId, ...others] = new Set(labs.map(({ operator }) => operator.walletId()));
    expect(walletId).toMatch(/^wal_/);
    expect(others).toEqual([]);
    const events = await world.database.prisma.sentinelOutbox.findMany();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      subject: 'labmesh.event.sentinel.operator_enrolled',
      payload: { payload: { walletId } },
    });
    const check = labs[0]?.check;
    for (const home of homes) expect((await check?.verify(await tokenIn(home)))?.principal.walletId).toBe(walletId);
    await Promise.all(homes.map((home) => rm(home, { recursive: true })));
  });

  it('writes one line, readable by its owner alone, and leaves nothing else behind', async () => {
    expect(await readFile(join(world.home, 'operator.token'), 'utf8')).toMatch(/^lmk_[0-9a-v]{38}\n$/);
    expect((await stat(join(world.home, 'operator.token'))).mode & 0o777).toBe(0o600);
    expect((await readdir(world.home)).filter((name) => name.startsWith('operator'))).toEqual(['operator.token']);
  });

  it('is the operator with every permission, as its key says', async () => {
    const { operator, check } = await start();
    const { principal } = await check.verify(await tokenIn());
    expect(principal).toMatchObject({ walletId: operator.walletId(), role: 'operator', permissions: [...PERMISSIONS] });
    expect(operator.principal()).toEqual(principal);
    expect(operator.tokenPath).toBe(join(world.home, 'operator.token'));
  });

  it('keeps a key with 30 days left, and replaces one with less', async () => {
    const first = await tokenIn();
    world.nowMs += 60 * DAY_MS;
    await start();
    expect(await tokenIn()).toBe(first);
    world.nowMs += 1_000;
    const { check } = await start();
    const second = await tokenIn();
    expect(second).not.toBe(first);
    expect((await check.verify(second)).expiresAt.getTime()).toBe(world.nowMs + 90 * DAY_MS);
    expect((await check.verify(first)).principal.role).toBe('operator');
  });

  it('replaces a file that is missing, empty, damaged, withdrawn or another wallet’s', async () => {
    const path = join(world.home, 'operator.token');
    let last = await tokenIn();
    const renewed = async (): Promise<void> => {
      const { check, operator } = await start();
      const now = await tokenIn();
      expect(now).not.toBe(last);
      expect((await check.verify(now)).principal.walletId).toBe(operator.walletId());
      last = now;
    };
    await rm(path);
    await renewed();
    for (const text of ['', 'nonsense\n', last.slice(0, -1), 'x'.repeat(5_000)]) {
      await writeFile(path, text);
      await renewed();
    }
    await world.database.prisma.credential.updateMany({ data: { revokedAt: new Date(world.nowMs) } });
    await renewed();
    const lab = replica(world);
    const other = await lab.issuer.issue({
      kind: 'client_key',
      walletId: 'wal_other',
      role: 'citizen',
      permissions: [],
      issuedBy: 'wal_other',
      ttlSeconds: 60 * 86_400,
    });
    await writeFile(path, `${other.token}\n`);
    await renewed();
  });
});
