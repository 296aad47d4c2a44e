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
  await child.until(() => answers(port));
  return {
    url,
    async [Symbol.asyncDispose]() {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A NATS server with JetStream; the `nats-server` binary must be installed. Open to all unless `config` names a file that says otherwise. */
export const natsServer = (options: { readonly config?: string } = {}): Promise<TestServer> =>
  ownServer('nats', (port, folder) => {
    const config = options.config ?? join(folder, 'nats.conf');
    if (options.config === undefined) writeFileSync(config, 'max_payload: 8MB\n');
    const args = ['-c', config, '-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder];
    return { command: 'nats-server', args, url: `nats://127.0.0.1:${port}` };
  });

/** A Redis server that keeps nothing; the `redis-server` binary must be installed. Open to all unless there is a file of users. */
export const redisServer = (options: { readonly users?: string } = {}): Promise<TestServer> =>
  ownServer('redis', (port, folder) => ({
    command: 'redis-server',
    args: [
      ...['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', folder],
      ...(options.users === undefined ? [] : ['--aclfile', options.users]),
    ],
    url: `redis://127.0.0.1:${port}`,
  }));

/** The PostgreSQL server that tests may make databases on. */
const ADMIN_URL = 'postgresql://postgres@127.0.0.1:5432/postgres';

export interface TestDatabase extends TestServer {
  readonly name: string;
  /** Runs statements in it as a superuser. */
  sql(statements: string): Promise<pg.QueryResult>;
  /** A pool in it, of the superuser or of `user`, who needs no password here; ended before the database is dropped. */
  pool(options?: { readonly user?: string; readonly max?: number }): pg.Pool;
}

/** A fresh database on the local PostgreSQL, dropped at the end with all roles whose names begin with its name and `_`. */
export async function postgresDatabase(): Promise<TestDatabase> {
  const name = `labmesh_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await asAdmin(`CREATE DATABASE ${name}`);
  const url = new URL(ADMIN_URL);
  url.pathname = `/${name}`;
  const pools: pg.Pool[] = [];
  return {
    url: url.href,
    name,
    sql: (statements) => asAdmin(statements, url.href),
    pool({ user, max } = {}) {
      const own = new URL(url);
      own.username = user ?? own.username;
      const pool = new pg.Pool({ connectionString: own.href, max });
      // `end` does not wait until its connections are gone: the drop below may end them first, and nobody misses them.
      pool.on('error', () => undefined);
      pools.push(pool);
      return pool;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(pools.map((pool) => pool.end()));
      await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await asAdmin(`DO $$ DECLARE it RECORD; BEGIN
        FOR it IN SELECT rolname FROM pg_roles WHERE starts_with(rolname, '${name}_')
        LOOP EXECUTE format('DROP ROLE %I', it.rolname); END LOOP; END $$`);
    },
  };
}

async function asAdmin(sql: string, url = ADMIN_URL): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
