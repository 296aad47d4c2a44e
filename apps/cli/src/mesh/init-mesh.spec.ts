// The credentials of a mesh: complete, closed to others, and never made twice.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { AGENTS, WORKER } from '@labmesh/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initMesh } from './init-mesh.js';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'labmesh-init-'));
  folder = join(parent, 'mesh');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const env = (app: string): NodeJS.Dict<string> => parseEnv(read(`${app}.env`));
const all = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'utf8')]),
  );

describe('initMesh', () => {
  it('makes an identity for every process, and gives the servers no secret', () => {
    initMesh(folder, {
      databaseUrl: 'postgresql://someone:hush@db:5432/lab',
      natsUrl: 'nats://someone:hush@nats:4222',
    });
    const seeds = [...AGENTS.map(({ name }) => name), 'gateway', WORKER].map((app) => read(`nkeys/${app}.nk`).trim());
    const passwords = ['owner', 'redis', 'redis-worker', WORKER, ...AGENTS.map(({ name }) => name)].map((role) =>
      read(`passwords/${role}`).trim(),
    );
    expect(new Set([...seeds, ...passwords]).size).toBe(seeds.length + passwords.length);
    for (const file of ['nats.conf', 'roles.sql', 'redis-users.acl', 'mesh.json'])
      for (const secret of [...seeds, ...passwords]) expect(read(file)).not.toContain(secret);
    for (const { name } of [...AGENTS, { name: WORKER }]) {
      const { username, password, host } = new URL(env(name).DATABASE_URL ?? '');
      expect([username, password, host]).toEqual([`labmesh_${name}`, read(`passwords/${name}`).trim(), 'db:5432']);
      expect(env(name)).toMatchObject({
        NATS_URL: 'nats://nats:4222',
        NATS_NKEY_FILE: join(folder, `nkeys/${name}.nk`),
      });
    }
    expect(env('gateway')).not.toHaveProperty('DATABASE_URL');
    const queues = ['gateway', ...AGENTS.map(({ name }) => name), WORKER].filter(
      (app) => env(app).REDIS_URL !== undefined,
    );
    expect(queues).toEqual(['mechanic', WORKER]);
    expect(queues.map((app) => new URL(env(app).REDIS_URL ?? '').username)).toEqual(queues);
    const withFiles = [...AGENTS.filter(({ keepsFiles }) => keepsFiles).map(({ name }) => name), 'gateway', WORKER];
    for (const { name } of [...AGENTS, { name: 'gateway' }, { name: WORKER }])
      expect([name, env(name).BLOBS_URL]).toEqual([
        name,
        withFiles.includes(name) ? `file://${folder}/blobs` : undefined,
      ]);
    expect(Object.values(all()).join()).not.toMatch(/someone|hush/);
  });

  it('lets nobody else read a secret', () => {
    initMesh(folder, {});
    const open = Object.keys(all()).filter((file) => (statSync(file).mode & 0o077) !== 0);
    expect(open.map((file) => file.slice(folder.length + 1)).sort()).toEqual(['mesh.json', 'nats.conf']);
    for (const path of [folder, join(folder, 'nkeys'), join(folder, 'passwords')])
      expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('changes nothing the second time, and with other addresses only what holds them', () => {
    initMesh(folder, { natsUrl: 'nats://one:4222' });
    const before = all();
    expect(initMesh(folder, {}).files.filter(({ what }) => what !== 'kept')).toEqual([]);
    expect(all()).toEqual(before);
    const changed = initMesh(folder, { natsUrl: 'nats://two:4222', folderAt: '/run/mesh' }).files;
    expect(changed.filter(({ what }) => what !== 'kept').map(({ file }) => file)).toEqual([
      'mesh.json',
      ...['gateway', ...AGENTS.map(({ name }) => name), WORKER].map((app) => `${app}.env`),
    ]);
    expect(env('curator')).toMatchObject({ NATS_URL: 'nats://two:4222', NATS_NKEY_FILE: '/run/mesh/nkeys/curator.nk' });
  });

  it.each([
    [{ databaseUrl: 'mysql://x' }, /addresses/],
    [{ rolePrefix: 'Lab";' }, /small letters/],
    [{ folderAt: 'here' }, /addresses/],
  ])('refuses %j', (wrong, words) => {
    expect(() => initMesh(folder, wrong)).toThrow(words);
  });
});
