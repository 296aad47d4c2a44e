// Makes every secret that the containers of docker-compose.yml need, once, and hands each container its own: each folder of
// /secrets is a volume that one service mounts. What is there stays as it is, so it runs before every start.
// It must never print a secret, and never write one where another service could read it.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = process.env.LABMESH_SECRETS ?? '/secrets';
/** Mounted by nobody else: the makings of all secrets. */
const STORE = join(FOLDER, 'store');
const MESH = join(STORE, 'mesh');
const ENTRY = fileURLToPath(new URL('entry.mjs', import.meta.url));
const OURS = 0o400;
/** For servers that run as a user of their own: nobody else mounts the volume. */
const SERVERS = 0o444;

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all: a start that is cut short must not leave half a file. */
function put(file, text, mode) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
}

/** 32 random bytes under this name, made at the first start. */
function secret(name) {
  const file = join(STORE, name);
  const known = read(file);
  if (known !== undefined) return known;
  const made = randomBytes(32).toString('base64url');
  put(file, made, OURS);
  return made;
}

const give = (service, name, text, mode = OURS) => put(join(FOLDER, service, name), text, mode);
const made = (name) => readFileSync(join(MESH, name), 'utf8');

/** One identity for each process, with the rights that its contract asks for. */
function makeIdentities() {
  const servers = ['--nats', 'nats://nats:4222', '--redis', 'redis://redis:6379', '--blobs', 'file:///blobs'];
  const database = ['--database', 'postgresql://postgres:5432/labmesh'];
  execFileSync(
    process.execPath,
    [ENTRY, 'labmesh', 'mesh', 'init', '--dir', MESH, ...servers, ...database, '--folder-at', '/secrets'],
    // Its advice is for people; what went wrong is in the error.
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
}

makeIdentities();
const masterKey = `LABMESH_MASTER_KEY=${secret('master-key')}\n`;
for (const app of readdirSync(MESH)
  .filter((file) => file.endsWith('.env'))
  .map((file) => basename(file, '.env'))) {
  give(app, 'settings.env', `${made(`${app}.env`)}${app === 'sentinel' ? masterKey : ''}`);
  const seed = read(join(MESH, `nkeys/${app}.nk`));
  if (seed !== undefined) give(app, `nkeys/${app}.nk`, seed);
}
give('nats', 'nats.conf', made('nats.conf'), SERVERS);
// What a container's health check asks, and nobody else.
give('nats', 'server.conf', 'http: 127.0.0.1:8222\ninclude ./nats.conf\n', SERVERS);
give('redis', 'redis-users.acl', made('redis-users.acl'), SERVERS);
give('postgres', 'roles.sql', made('roles.sql'), SERVERS);
give('postgres', 'password', secret('postgres'), SERVERS);
give('grafana', 'password', secret('grafana'), SERVERS);
process.stdout.write('labmesh: every secret is in its place\n');
