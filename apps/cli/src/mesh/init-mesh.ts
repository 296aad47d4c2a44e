// Makes the credentials of a mesh and what its servers need to know of them: one identity for each process, with the rights
// that follow from the contracts. It talks to no server, and prints no secret.
import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { appsOf, natsServerConfig, newNatsSeed } from '@labmesh/bus';
import { AGENTS, gateway, mechanic, WORKER } from '@labmesh/contracts';
import { addressesOf, type GivenAddresses, keepAddresses, withUser } from './addresses.js';
import { type FolderChange, MeshFolder, newPassword } from './mesh-folder.js';
import { OWNER, roleName, roleStatements } from './roles.repository.js';

export interface MadeMesh {
  /** Absolute. */
  readonly folder: string;
  readonly files: readonly FolderChange[];
}

const NOTE = '# Written by "npx @labmesh/cli mesh init", and written anew each time: change the addresses there.';
/** Redis knows the Mechanic, who fills the queues of jobs, and the workers, who empty them. */
const REDIS_USERS: Readonly<Record<string, string>> = { [mechanic.name]: 'redis', [WORKER]: 'redis-worker' };
/** Workers write to the rows of jobs. */
const GUESTS: Readonly<Record<string, string>> = { [WORKER]: mechanic.name };
const REDIS_KEYS = 'labmesh:*';

/** Running it again changes nothing but what follows from other addresses or other contracts. @throws AppError */
export function initMesh(path: string, given: GivenAddresses): MadeMesh {
  const folder = new MeshFolder(path);
  const addresses = addressesOf(folder, given);
  keepAddresses(folder, addresses);
  const seeds = new Map(appsOf(AGENTS).map((app) => [app, folder.secret(seedFile(app), newNatsSeed)]));
  const agents = AGENTS.map(({ name }) => name);
  const roles = [OWNER, ...agents, ...Object.keys(GUESTS)];
  const passwords = new Map(roles.map((role) => [role, folder.secret(passwordFile(role), newPassword)]));
  const redisPasswords = new Map(
    Object.entries(REDIS_USERS).map(([app, file]) => [app, folder.secret(passwordFile(file), newPassword)]),
  );

  folder.write('nats.conf', natsServerConfig(AGENTS, seeds), { secret: false });
  const { rolePrefix: prefix } = addresses;
  folder.write('roles.sql', roleStatements({ prefix, agents, guests: GUESTS, passwords }), { secret: true });
  folder.write('redis-users.acl', redisUsers(redisPasswords), { secret: true });
  const databaseUrl = (role: string): string =>
    withUser(addresses.databaseUrl, roleName(prefix, role), passwords.get(role) ?? '');
  folder.write(envFile(OWNER), lines({ DATABASE_URL: databaseUrl(OWNER) }), { secret: true });
  const seenAt = addresses.folderAt ?? folder.path;
  const withFiles = new Set([
    gateway.name,
    WORKER,
    ...AGENTS.filter(({ keepsFiles }) => keepsFiles).map(({ name }) => name),
  ]);
  for (const app of appsOf(AGENTS)) {
    const settings = {
      LABMESH_PUBLIC_URL: addresses.publicUrl,
      NATS_URL: addresses.natsUrl,
      NATS_NKEY_FILE: `${seenAt}/${seedFile(app)}`,
      ...(passwords.has(app) ? { DATABASE_URL: databaseUrl(app) } : {}),
      ...(withFiles.has(app) ? { BLOBS_URL: addresses.blobsUrl ?? pathToFileURL(`${seenAt}/blobs`).href } : {}),
      ...(redisPasswords.has(app)
        ? { REDIS_URL: withUser(addresses.redisUrl, app, redisPasswords.get(app) ?? '') }
        : {}),
    };
    folder.write(envFile(app), lines(settings), { secret: true });
  }
  return { folder: folder.path, files: folder.changes };
}

const seedFile = (app: string): string => `nkeys/${app}.nk`;
const passwordFile = (role: string): string => `passwords/${role}`;
/** The settings of one process. */
export const envFile = (app: string): string => `${app}.env`;

const lines = (settings: Readonly<Record<string, string>>): string =>
  `${[NOTE, ...Object.entries(settings).map(([name, value]) => `${name}=${/\s/.test(value) ? `"${value}"` : value}`)].join('\n')}\n`;

/** As Redis reads an ACL file; it holds no comments. Its own form of a password is the SHA-256, which is enough for a random one. */
const redisUsers = (passwords: ReadonlyMap<string, string>): string =>
  `user default off\n${[...passwords].map(([user, password]) => redisUser(user, password)).join('')}`;
const redisUser = (user: string, password: string): string =>
  `user ${user} on #${createHash('sha256').update(password).digest('hex')} ~${REDIS_KEYS} resetchannels +@all -@admin -@dangerous +info\n`;
