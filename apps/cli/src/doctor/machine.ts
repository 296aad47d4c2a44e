// The machine and what is installed on it: Node, packages, the build, disk, the lab's folder and who has it, modes of secret files.
import { constants } from 'node:fs';
import { access, readFile, stat, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { INSTALL_ROOT } from '../lab/operator-token.js';
import { bytesText } from '../output/units.js';
import { settingsFile } from '../settings/settings.js';
import { credentialsFile } from '../sign-in/credentials.js';
import { isRunning } from '../up/process-identity.js';
import { type Check, error, type Finding, ok, skipped, warning } from './checks.js';

const NODE_LEAST = [20, 19] as const;
const DISK_LEAST = 512 * 2 ** 20;
const DISK_TIGHT = 4 * 2 ** 30;

export const nodeVersion: Check = async () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [least, lesser] = NODE_LEAST;
  const fits = major > least || (major === least && minor >= lesser);
  return [
    fits
      ? ok('node', `Node ${process.versions.node}`)
      : error(
          'node',
          `Node ${process.versions.node} is too old.`,
          `Install Node ${least}.${lesser} or newer, then npm ci.`,
        ),
  ];
};

/** What lies beside this command: only there where LabMesh itself is, not where it came as a package. */
export const installation: Check = async () => {
  if (!(await isThere(join(INSTALL_ROOT, 'package-lock.json'))))
    return [skipped('install', 'not LabMesh’s own folder')];
  if (!(await isThere(join(INSTALL_ROOT, 'node_modules'))))
    return [error('install', `${INSTALL_ROOT} has no node_modules.`, 'Run npm ci there.')];
  const [locked, installed] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map((file) =>
      stat(join(INSTALL_ROOT, file)).catch(() => undefined),
    ),
  );
  const findings: Finding[] = [];
  if (locked !== undefined && (installed === undefined || installed.mtimeMs < locked.mtimeMs))
    findings.push(
      warning('install', 'The packages may be older than package-lock.json.', `Run npm ci in ${INSTALL_ROOT}.`),
    );
  const built = await isBuilt(INSTALL_ROOT);
  if (!built)
    findings.push(warning('install', 'The build is older than the sources.', `Run npm run build in ${INSTALL_ROOT}.`));
  return findings.length > 0 ? findings : [ok('install', `${INSTALL_ROOT}, packages and build are up to date`)];
};

async function isBuilt(root: string): Promise<boolean> {
  const { isBuilt: newer } = (await import(join(root, 'tools/build-state.mjs'))) as {
    isBuilt: (root: string) => boolean;
  };
  return newer(root);
}

export const homeFolder: Check = async ({ home }) => {
  const folder = await stat(home).catch(() => undefined);
  if (folder === undefined) {
    const parent = await writable(dirname(home));
    return [
      parent
        ? ok('home', `${home} is not there yet; the first start makes it`)
        : error(
            'home',
            `${home} is not there and cannot be made.`,
            `Make it yours, or set LABMESH_HOME to a folder that you may write.`,
          ),
    ];
  }
  if (!folder.isDirectory()) return [error('home', `${home} is no folder.`, 'Move it away, or set LABMESH_HOME.')];
  if (!(await writable(home)))
    return [error('home', `You may not write to ${home}.`, 'Run as the user who runs the lab, or set LABMESH_HOME.')];
  return [ok('home', home), await lockOf(home)];
};

interface LockOwner {
  readonly pid: number;
  readonly host: string;
}

async function lockOf(home: string): Promise<Finding> {
  const file = join(home, 'pg.lock');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return ok('lock', 'no lab uses this folder');
  const owner = ownerIn(text);
  if (owner === undefined)
    return warning('lock', `${file} is being written, or was cut.`, 'Look again; the next start takes it over.');
  if (owner.host !== hostname())
    return warning('lock', `A lab on ${owner.host} uses this folder.`, 'Stop it there before you start one here.');
  return isRunning(owner.pid)
    ? ok('lock', `in use by process ${owner.pid}`)
    : warning(
        'lock',
        `Process ${owner.pid} had this folder and ended without letting go.`,
        'The next start takes it over: npm start.',
      );
}

function ownerIn(text: string): LockOwner | undefined {
  try {
    const { pid, host } = JSON.parse(text) as Partial<LockOwner>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

export const diskSpace: Check = async ({ home }) => {
  const at = (await isThere(home)) ? home : INSTALL_ROOT;
  const { bavail, bsize } = await statfs(at);
  const free = bavail * bsize;
  const remedy = `Make room on the disk of ${at}, or set LABMESH_HOME to another one.`;
  if (free < DISK_LEAST) return [error('disk', `Only ${bytesText(free)} are free at ${at}.`, remedy)];
  if (free < DISK_TIGHT) return [warning('disk', `${bytesText(free)} are free at ${at}.`, remedy)];
  return [ok('disk', `${bytesText(free)} free at ${at}`)];
};

const OTHERS = 0o077;

/** Files with secrets in them are their owner's alone. */
export const fileModes: Check = async ({ home, config }) => {
  if (process.platform === 'win32') return [skipped('modes', 'this system has no such modes')];
  const secret = ['operator.token', 'master.key', 'master.key.next'].map((name) => join(home, name));
  const files = [...secret, credentialsFile(config.places.state), settingsFile(config)];
  const open: string[] = [];
  for (const file of files) {
    const { mode = 0 } = (await stat(file).catch(() => undefined)) ?? {};
    if ((mode & OTHERS) !== 0) open.push(file);
  }
  return open.length === 0
    ? [ok('modes', 'files with secrets are readable by you alone')]
    : open.map((file) =>
        error(
          'modes',
          `Others may read ${file}.`,
          `chmod 600 '${file}', and change what is in it if others use this machine.`,
        ),
      );
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
const writable = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
