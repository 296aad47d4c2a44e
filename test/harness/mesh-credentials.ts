// The credentials of a mesh under test, as `labmesh mesh init` makes them, and the servers that know them and nobody else:
// whatever a test of the mesh does, it does with the rights that an installation has.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { createTransport, type Transport } from '@labmesh/bus';
import { natsServer, postgresDatabase, redisServer, temporaryFolder } from '@labmesh/testing';
import { envFile, initMesh } from '../../apps/cli/src/mesh/init-mesh.js';
import { migrateDatabase, OWNER } from '../../apps/cli/src/mesh/roles.repository.js';

export interface MeshServers extends AsyncDisposable {
  /** Of `labmesh mesh init`. */
  readonly folder: string;
  readonly natsUrl: string;
  /** The lab's database, as a superuser. */
  readonly databaseUrl: string;
  /** Settings of an app: addresses, and who it is. */
  settings(app: string): Readonly<Record<string, string>>;
  /** Connects to the broker as this app would. */
  connect(app: string): Promise<Transport>;
}

/** Connects to the broker with an app's settings. */
export const connectAs = (app: string, settings: Readonly<Record<string, string>>): Promise<Transport> =>
  createTransport({
    name: app,
    natsUrl: settings.NATS_URL ?? '',
    natsSeed: readFileSync(settings.NATS_NKEY_FILE ?? '', 'utf8').trim(),
  });

/** NATS, PostgreSQL with its schemas, and Redis, each with a user for each process of the mesh. */
export async function meshServers(publicUrl: string): Promise<MeshServers> {
  const [database, folder] = await Promise.all([postgresDatabase(), temporaryFolder('mesh-credentials')]);
  initMesh(folder, { databaseUrl: database.url, rolePrefix: database.name, publicUrl });
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const settings = (app: string) => parseEnv(read(envFile(app))) as Record<string, string>;
  const [nats, redis] = await Promise.all([
    natsServer({ config: join(folder, 'nats.conf') }),
    redisServer({ users: join(folder, 'redis-users.acl') }),
    database.sql(read('roles.sql')).then(() => migrateDatabase(settings(OWNER).DATABASE_URL ?? '')),
  ]);
  // The servers' ports are known only now; the secrets stay as they are.
  initMesh(folder, { natsUrl: nats.url, redisUrl: redis.url });
  return {
    folder,
    natsUrl: nats.url,
    databaseUrl: database.url,
    settings,
    connect: (app) => connectAs(app, settings(app)),
    async [Symbol.asyncDispose]() {
      await Promise.all([nats, database, redis].map((server) => server[Symbol.asyncDispose]()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
