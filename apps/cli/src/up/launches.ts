// What each process of the mesh is started with: its own credentials where `labmesh mesh init` made them, else the addresses
// that were given, the same for all.
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { AppError, gateway } from '@labmesh/contracts';
import { INSTALL_ROOT } from '../lab/operator-token.js';
import { knownAddresses } from '../mesh/addresses.js';
import { MeshFolder } from '../mesh/mesh-folder.js';
import type { PlannedProcess } from './plan.js';
import type { Launch } from './supervised.js';

/** Settings that are each process's own: none shall have another's from whoever started the supervisor. */
const OWN = ['NATS_URL', 'NATS_NKEY_FILE', 'DATABASE_URL', 'REDIS_URL', 'BLOBS_URL', 'PORT'];

const LOOPBACK = '127.0.0.1';

export interface LaunchOptions {
  readonly dir: string;
  /** As options of the command; they stand against credentials that are there. */
  readonly given: { readonly [K in 'natsUrl' | 'databaseUrl' | 'redisUrl']: string | undefined };
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
}

export interface Launches {
  /** Where clients find the gateway, when the folder says so. */
  readonly publicUrl: string | undefined;
  /** The database's address for migrations, where processes may not apply them. */
  readonly ownerDatabaseUrl: string | undefined;
  of(planned: PlannedProcess, publicUrl: string): Launch;
}

/** @throws AppError invalid_input when nothing says where the servers are */
export function launchesOf({ dir, given, environment, cwd }: LaunchOptions): Launches {
  const folder = new MeshFolder(dir);
  const known = knownAddresses(folder);
  if (known !== undefined && (given.natsUrl ?? given.databaseUrl ?? given.redisUrl) !== undefined)
    throw new AppError(
      'invalid_input',
      `Cannot use other servers than those of ${folder.path}: give their addresses to npx @labmesh/cli mesh init, or leave --dir away.`,
    );
  const natsUrl = given.natsUrl ?? environment.NATS_URL;
  if (known === undefined && !natsUrl)
    throw new AppError(
      'invalid_input',
      `Cannot start a mesh: ${folder.path} holds no credentials (npx @labmesh/cli mesh init makes them), and neither --nats nor NATS_URL says where NATS is.`,
    );
  const inherited = Object.fromEntries(Object.entries(environment).filter(([name]) => !OWN.includes(name)));
  const same = {
    NATS_URL: natsUrl,
    DATABASE_URL: given.databaseUrl ?? environment.DATABASE_URL,
    REDIS_URL: given.redisUrl ?? environment.REDIS_URL,
    BLOBS_URL: environment.BLOBS_URL,
  };
  const settings = (name: string): NodeJS.Dict<string> => parseEnv(folder.read(`${name}.env`) ?? '');
  return {
    publicUrl: known === undefined ? environment.LABMESH_PUBLIC_URL || undefined : known.publicUrl,
    ownerDatabaseUrl: known === undefined ? undefined : settings('owner').DATABASE_URL,
    of: ({ app, port }, publicUrl) => ({
      command: process.execPath,
      args: [join(INSTALL_ROOT, 'tools/start-app.mjs'), app],
      cwd,
      env: defined({
        ...inherited,
        ...(known === undefined ? same : settings(app)),
        LABMESH_PUBLIC_URL: publicUrl,
        PORT: String(port),
        // Clients of other machines reach the gateway alone.
        ...(app === gateway.name ? {} : { HOST: LOOPBACK }),
      }),
      host: app === gateway.name ? reachedAt(environment.HOST) : LOOPBACK,
    }),
  };
}

/** Where a process that listens there answers on this machine. */
const reachedAt = (host: string | undefined): string =>
  !host || host === '0.0.0.0' || host === '::' ? LOOPBACK : host.includes(':') ? `[${host}]` : host;

const defined = (values: NodeJS.Dict<string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
