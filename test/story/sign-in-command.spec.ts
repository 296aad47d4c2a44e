// Signing in by the command: once for every process on the machine, however many there are and whichever of them is killed.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { type Ended, labmeshTold } from '../harness/command.js';
import { ROOT } from '../harness/lab-under-test.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const lab = sharedLab();
const AT_ONCE = 20;

/** The folder of a person who is not the operator. */
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'labmesh-person-'));
});
afterEach(() => rm(home, { recursive: true }));

const labmesh = (args: readonly string[], env: Record<string, string> = {}, input = ''): Promise<Ended> =>
  labmeshTold(lab, args, { env: { HOME: home, LABMESH_HOME: home, ...env }, input });
const credentials = () => join(home, '.local/state/labmesh/credentials.json');

/** A key of a new wallet, made by the operator. */
async function newKey(more: readonly string[] = []): Promise<{ walletId: string; key: string }> {
  const operator = async (args: readonly string[]) =>
    JSON.parse((await labmeshTold(lab, [...args, '--json'], {})).out) as { walletId: string; token: string };
  const { walletId } = await operator(['wallet', 'create', '--role', 'researcher', '--label', 'Ada']);
  const { token } = await operator(['token', 'create', '--wallet', walletId, '--kind', 'client_key', ...more]);
  return { walletId, key: token };
}

/** As if the hour of the access token were over: what is kept of it is of no use any more. */
async function expire(): Promise<void> {
  const stored = JSON.parse(await readFile(credentials(), 'utf8')) as {
    labs: Record<string, { access: { token: string; until: string } }>;
  };
  for (const one of Object.values(stored.labs)) one.access = { token: 'ended', until: '2026-01-01T00:00:00.000Z' };
  await writeFile(credentials(), JSON.stringify(stored));
}

async function statesOf(kind: string): Promise<string[]> {
  const { out } = await labmesh(['token', 'list', '--all', '--json']);
  const { tokens } = JSON.parse(out) as { tokens: Array<{ kind: string; state: string }> };
  return tokens.filter((one) => one.kind === kind).map(({ state }) => state);
}

verifies('command:signed-in', async () => {
  const { walletId, key } = await newKey();
  const done = await labmesh(['login'], {}, `${key}\n`);
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining(walletId) });
  expect(done.out + done.err).not.toContain(key);
  expect((await stat(credentials())).mode & 0o777).toBe(0o600);
  expect(await readFile(credentials(), 'utf8')).not.toContain(key);
  expect(JSON.parse((await labmesh(['wallet', 'balance', '--json'])).out)).toMatchObject({ walletId });
  expect((await labmesh(['logout'])).code).toBe(0);
  expect((await labmesh(['status'])).code).toBe(3);
  expect((await labmesh(['logout'])).code).toBe(5);
});

verifies('command:signed-in', async () => {
  const { key } = await newKey();
  const link = (await labmesh(['open', '--no-browser'], { LABMESH_TOKEN: key })).out;
  expect((await labmesh(['login'], {}, link)).code).toBe(0);
  expect((await labmesh(['status'])).code).toBe(0);
  await expire();
  expect((await labmesh(['status'])).code).toBe(0);
  // A link works once.
  expect((await labmesh(['login'], {}, link)).code).toBe(3);
});

verifies('command:signed-in', async () => {
  const { key } = await newKey(['--tool', 'librarian_get_agent_manifest']);
  const done = await labmesh(['login', '--json'], {}, key);
  expect([done.code, JSON.parse(done.out)]).toEqual([0, expect.objectContaining({ renewed: false })]);
  expect((await labmesh(['status'])).code).toBe(0);
});

for (const moment of ['asking', 'answered'])
  verifies('command:renewed-once', async () => {
    const { key } = await newKey();
    expect((await labmesh(['login'], {}, key)).code).toBe(0);
    await expire();
    const mark = join(home, 'killed');
    const env = {
      NODE_OPTIONS: `--import ${join(ROOT, 'test/harness/killed-renewal.mjs')}`,
      LABMESH_TEST_KILLED: moment,
      LABMESH_TEST_MARK: mark,
    };
    const ended = await Promise.all(Array.from({ length: AT_ONCE }, () => labmesh(['status'], env)));
    expect(existsSync(mark)).toBe(true);
    const killed = ended.filter(({ code }) => code === -1);
    expect(killed).toHaveLength(1);
    const others = ended.filter(({ code }) => code !== -1);
    expect(others.map(({ code, err }) => [code, err])).toEqual(Array(AT_ONCE - 1).fill([0, '']));
    expect((await statesOf('refresh')).sort()).toEqual(['good', 'used']);
    // Still signed in, and the next renewal works like any other.
    await expire();
    expect((await labmesh(['status'])).code).toBe(0);
    expect((await statesOf('refresh')).sort()).toEqual(['good', 'used', 'used']);
  });
