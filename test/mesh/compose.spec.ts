// Every container of the image, started as docker-compose.yml says but as a plain process: its command, its environment and
// the secrets that `prepare` made for it, against real servers with the users and rights that were made with them. Only
// addresses and folders are others. The containers themselves: test/images.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AGENTS, gateway, WORKER } from '@labmesh/contracts';
import { Child, freePort, natsServer, postgresDatabase, redisServer, temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { composeFile, dockerfile } from '../harness/compose-file.js';
import { ROOT } from '../harness/lab-under-test.js';

const APPS = [
  'sentinel',
  ...AGENTS.map(({ name }) => name).filter((name) => name !== 'sentinel'),
  WORKER,
  gateway.name,
];
const { services } = composeFile();
const image = dockerfile();

let folder: string;
let publicUrl: string;
const undo: Array<() => Promise<unknown>> = [];
const addresses = new Map<string, string>();

/** The process of a service's container. */
function start(name: string, own: Record<string, string>): Child {
  const { command = [], environment = {} } = services[name] ?? {};
  const [program = '', ...args] = [...image.entrypoint, ...command].map((part) => part.replace(/^\/app\//, `${ROOT}/`));
  const place: Record<string, string> =
    environment.BLOBS_URL === undefined ? {} : { BLOBS_URL: pathToFileURL(join(folder, 'blobs')).href };
  const home = join(folder, 'home', name);
  const elsewhere = {
    HOST: '127.0.0.1',
    LABMESH_HOME: home,
    LABMESH_WORKER_FOLDER: home,
    LABMESH_PUBLIC_URL: publicUrl,
  };
  const child = new Child({
    command: program,
    args,
    env: { ...image.env, ...environment, ...elsewhere, ...place, ...own },
  });
  undo.unshift(() => child.stop());
  return child;
}

const prepare = async (): Promise<void> => {
  const child = start('prepare', { LABMESH_SECRETS: join(folder, 'secrets') });
  expect([await child.exited, child.output]).toEqual([0, 'labmesh: every secret is in its place\n']);
};

/** A folder with the secrets of one container, and the addresses of the servers here. */
function secretsOf(service: string): string {
  const [from, to] = [join(folder, 'secrets', service), join(folder, 'mounted', service)];
  cpSync(from, to, { recursive: true, filter: (file) => !file.endsWith('.env') });
  let settings = readFileSync(join(from, 'settings.env'), 'utf8').replaceAll('=/secrets/', `=${to}/`);
  for (const [there, here] of addresses) settings = settings.replaceAll(there, here);
  writeFileSync(join(to, 'settings.env'), settings);
  return to;
}

/** The servers, configured by what was made for them. */
async function startServers(): Promise<void> {
  const made = (file: string): string => join(folder, 'secrets', file);
  const monitor = await freePort();
  // Its health is asked at a port that other servers here may have.
  const server = readFileSync(made('nats/server.conf'), 'utf8');
  expect(server).toContain(new URL(services.nats?.healthcheck?.test?.at(-1) ?? '').host);
  writeFileSync(made('nats/server-here.conf'), server.replace(':8222', `:${monitor}`));
  const [nats, redis, database] = await Promise.all([
    natsServer({ config: made('nats/server-here.conf') }),
    redisServer({ users: made('redis/redis-users.acl') }),
    postgresDatabase(),
  ]);
  for (const each of [database, redis, nats]) undo.push(async () => await each[Symbol.asyncDispose]());
  expect((await fetch(`http://127.0.0.1:${monitor}/healthz`)).status).toBe(200);
  // Roles belong to the whole server, which other tests use too.
  await database.sql(readFileSync(made('postgres/roles.sql'), 'utf8').replaceAll('labmesh_', `${database.name}_`));
  addresses.set('nats:4222', new URL(nats.url).host);
  addresses.set('redis:6379', new URL(redis.url).host);
  addresses.set('postgres:5432/labmesh', `${new URL(database.url).host}/${database.name}`);
  addresses.set('//labmesh_', `//${database.name}_`);
}

beforeAll(async () => {
  folder = await temporaryFolder('compose');
  undo.push(() => rm(folder, { recursive: true, force: true }));
  publicUrl = `http://127.0.0.1:${await freePort()}`;
  await prepare();
  await startServers();
});

afterAll(async () => {
  for (const step of undo) await step();
});

it('makes each secret once', async () => {
  const files = ['sentinel/settings.env', 'nats/nats.conf', 'postgres/password', 'curator/nkeys/curator.nk'];
  const read = () => files.map((file) => readFileSync(join(folder, 'secrets', file), 'utf8'));
  const before = read();
  await prepare();
  expect(read()).toEqual(before);
});

it('brings the database up to date as its owner', async () => {
  const child = start('migrate', { LABMESH_SECRETS: secretsOf('owner') });
  expect(await child.exited).toBe(0);
  expect(child.output).toContain('applied ');
});

it('runs every app, and stops it with nothing left undone', async () => {
  const running = new Map<string, Child>();
  for (const app of APPS) {
    const port = app === gateway.name ? new URL(publicUrl).port : String(await freePort());
    const child = start(app, { PORT: port, LABMESH_SECRETS: secretsOf(app) });
    running.set(app, child);
    await child.until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200);
  }
  const home = join(folder, 'home/sentinel');
  const welcome = start('welcome', { LABMESH_URL: publicUrl, LABMESH_HOME: home });
  expect([await welcome.exited, welcome.output]).toEqual([0, expect.stringContaining(`${publicUrl}/#code=`)]);
  for (const [app, child] of [...running].reverse()) expect([app, await child.stop()]).toEqual([app, 0]);
});
