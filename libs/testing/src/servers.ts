// Real servers for tests, each on its own port or database, so that no test sees another's data.
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Child } from './child.js';
import { freePort } from './free-port.js';

export interface TestServer extends AsyncDisposable {
  readonly url: string;
}

export const temporaryFolder = (name: string): Promise<string> => mkdtemp(join(tmpdir(), `labmesh-${name}-`));

/** Whether something listens at this port of the machine. */
export const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

async function ownServer(
  name: string,
  command: (port: number, folder: string) => { command: string; args: string[]; url: string },
): Promise<TestServer> {
  const port = await freePort();
  const folder = await temporaryFolder(name);
  const { url, ...options } = command(port, folder);
  const child = new Child(options);
  await child.until(() => answers(port), 15_000);
  return {
    url,
    async [Symbol.asyncDispose]() {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A NATS server with JetStream; the `nats-server` binary must be installed. */
export const natsServer = (): Promise<TestServer> =>
  ownServer('nats', (port, folder) => {
    const config = join(folder, 'nats.conf');
    writeFileSync(config, 'max_payload: 8MB\n');
    const args = ['-c', config, '-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder];
    return { command: 'nats-server', args, url: `nats://127.0.0.1:${port}` };
  });

/** A Redis server that keeps nothing; the `redis-server` binary must be installed. */
export const redisServer = (): Promise<TestServer> =>
  ownServer('redis', (port, folder) => ({
    command: 'redis-server',
    args: ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', folder],
    url: `redis://127.0.0.1:${port}`,
  }));

/** The PostgreSQL server that tests may make databases on. */
const ADMIN_URL = 'postgresql://postgres@127.0.0.1:5432/postgres';

/** A fresh database on the local PostgreSQL, dropped at the end. */
export async function postgresDatabase(): Promise<TestServer> {
  const name = `labmesh_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await asAdmin(`CREATE DATABASE ${name}`);
  const url = new URL(ADMIN_URL);
  url.pathname = `/${name}`;
  return { url: url.href, [Symbol.asyncDispose]: () => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: ADMIN_URL });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
