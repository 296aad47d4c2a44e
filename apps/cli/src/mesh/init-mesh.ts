// Makes the credentials of a mesh and what its servers need to know of them: one identity for each process, with the rights
// that follow from the contracts. It talks to no server, and prints no secret.
import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { appsOf, natsServerConfig, newNatsSeed } from '@labmesh/bus';
import { AGENTS, gateway, mechanic } from '@labmesh/contracts';
import { addressesOf, type GivenAddresses, keepAddresses, withUser } from './addresses.js';
import { type FolderChange, MeshFolder, newPassword } from './mesh-folder.js';
import { OWNER, roleName, roleStatements } from './roles.repository.js';

export interface MadeMesh {
  /** Absolute. */
  readonly folder: string;
  readonly files: readonly FolderChange[];
}

const NOTE = '# Written by "npx @labmesh/cli mesh init", and written anew each time: change the addresses there.';
/** Redis knows the Mechanic alone: nobody else has a queue. */
const REDIS_USER = mechanic.name;
const REDIS_KEYS = 'labmesh:*';

/** Running it again changes nothing but what follows from other addresses or other contracts. @throws AppError */
export function initMesh(path: string, given: GivenAddresses): MadeMesh {
  const folder = new MeshFolder(path);
  const addresses = addressesOf(folder, given);
  keepAddresses(folder, addresses);
  const seeds = new Map(appsOf(AGENTS).map((app) => [app, folder.secret(seedFile(app), newNatsSeed)]));
  const agents = AGENTS.map(({ name }) => name);
  const passwords = new Map([OWNER, ...agents].map((role) => [role, folder.secret(passwordFile(role), newPassword)]));
  const redisPassword = folder.secret('passwords/redis', newPassword);

  folder.write('nats.conf', natsServerConfig(AGENTS, seeds), { secret: false });
  const { rolePrefix: prefix } = addresses;
  folder.write('roles.sql', roleStatements({ prefix, agents, passwords }), { secret: true });
  folder.write('redis-users.acl', redisUsers(redisPassword), { secret: true });
  const databaseUrl = (role: string): string =>
    withUser(addresses.databaseUrl, roleName(prefix, role), passwords.get(role) ?? '');
  folder.write(envFile(OWNER), lines({ DATABASE_URL: databaseUrl(OWNER) }), { secret: true });
  const seenAt = addresses.folderAt ?? folder.path;
  const withFiles = new Set([gateway.name, ...AGENTS.filter(({ keepsFiles }) => keepsFiles).map(({ name }) => name)]);
  for (const app of appsOf(AGENTS)) {
    const settings = {
      LABMESH_PUBLIC_URL: addresses.publicUrl,
      NATS_URL: addresses.natsUrl,
      NATS_NKEY_FILE: `${seenAt}/${seedFile(app)}`,
      ...(passwords.has(app) ? { DATABASE_URL: databaseUrl(app) } : {}),
      ...(withFiles.has(app) ? { BLOBS_URL: addresses.blobsUrl ?? pathToFileURL(`${seenAt}/blobs`).href } : {}),
      ...(app === mechanic.name ? { REDIS_URL: withUser(addresses.redisUrl, REDIS_USER, redisPassword) } : {}),
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
const redisUsers = (password: string): string => `user default off
user ${REDIS_USER} on #${createHash('sha256').update(password).digest('hex')} ~${REDIS_KEYS} resetchannels +@all -@admin -@dangerous +info
`;
