// Runs Podman and podman-compose for the image tests, and keeps what takes long to make: Debian's base system, Node, the
// Python environment. It must never touch containers, volumes or networks of another project.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../harness/lab-under-test.js';

const execute = promisify(execFile);

/** Kept between runs, so that a second one takes minutes less. */
const CACHE = '/var/tmp/labmesh-images';
const HERE = join(ROOT, 'test/images');
const MINUTES_MS = 60_000;
const PODMAN_COMPOSE = 'podman-compose==1.6.0';
/** Built from the working tree, unless one that is there is named: to try the compose file again without the wait. */
const GIVEN = process.env.LABMESH_TEST_IMAGE;
export const IMAGE = GIVEN ?? 'localhost/labmesh-test/labmesh';

const ENV = { ...process.env, CONTAINERS_CONF: join(HERE, 'containers.conf') };

export interface Output {
  readonly out: string;
  readonly err: string;
}

/** @throws Error with what the command printed last */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; limitMs?: number } = {},
): Promise<Output> {
  const { cwd = ROOT, env = {}, limitMs = 20 * MINUTES_MS } = options;
  try {
    const { stdout, stderr } = await execute(command, args, {
      cwd,
      env: { ...ENV, ...env },
      timeout: limitMs,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { out: stdout, err: stderr };
  } catch (thrown) {
    const { stdout = '', stderr = '', message } = thrown as Error & { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')}: ${message}\n${`${stdout}\n${stderr}`.slice(-4_000)}`, {
      cause: thrown,
    });
  }
}

export const podman = async (...args: string[]): Promise<string> => (await run('podman', args)).out.trim();

/** Whether the command ends with 0. */
export const succeeds = (command: string, args: readonly string[]): Promise<boolean> =>
  run(command, args).then(
    () => true,
    () => false,
  );

const standIn = (name: string): string => `localhost/labmesh-test/${name}`;

/** Builds the image as its Dockerfile says, and stand-ins for images that come from a registry elsewhere. */
export async function buildImages(): Promise<Record<string, string>> {
  await mkdir(CACHE, { recursive: true });
  await debian();
  await node();
  for (const server of ['nats', 'postgres', 'redis']) await build(server, join(HERE, 'stand-ins'));
  if (GIVEN === undefined) await buildLabmesh();
  return {
    LABMESH_IMAGE: IMAGE,
    NATS_IMAGE: standIn('nats'),
    POSTGRES_IMAGE: standIn('postgres'),
    REDIS_IMAGE: standIn('redis'),
  };
}

const buildLabmesh = (): Promise<Output> =>
  run('podman', [
    'build',
    ...['--quiet', '--layers=false', '--format', 'docker', '--network', 'host'],
    ...['--build-arg', `NODE_IMAGE=${standIn('node')}`, '--tag', IMAGE, '.'],
  ]);

export async function removeLabmesh(): Promise<void> {
  if (GIVEN === undefined) await podman('image', 'rm', '--force', IMAGE);
}

async function debian(): Promise<void> {
  if (await succeeds('podman', ['image', 'exists', standIn('debian')])) return;
  const folder = join(CACHE, 'debian');
  await run('debootstrap', ['--variant=minbase', '--include=ca-certificates', 'bookworm', folder]);
  const archive = join(CACHE, 'debian.tar');
  await run('tar', ['-C', folder, '-cf', archive, '.']);
  await podman('import', '--quiet', archive, standIn('debian'));
}

async function node(): Promise<void> {
  if (await succeeds('podman', ['image', 'exists', standIn('node')])) return;
  const context = join(CACHE, 'node');
  await mkdir(context, { recursive: true });
  await writeFile(join(context, 'package.json'), '{}\n');
  await run('npm', ['install', '--no-audit', '--no-fund', 'node@24', 'npm@11'], { cwd: context });
  await copyFile('/etc/ssl/certs/ca-certificates.crt', join(context, 'ca-certificates.crt'));
  await cp(join(HERE, 'stand-ins/node.Dockerfile'), join(context, 'node.Dockerfile'));
  await build('node', context);
}

const build = (name: string, context: string): Promise<Output> =>
  run('podman', [
    'build',
    ...['--quiet', '--network', 'host', '--file', join(context, `${name}.Dockerfile`), '--tag', standIn(name)],
    context,
  ]);

/** Where podman-compose is: as it was installed, or in an environment of its own. */
export async function podmanCompose(): Promise<string> {
  if (await succeeds('podman-compose', ['--version'])) return 'podman-compose';
  const folder = join(CACHE, 'python');
  const command = join(folder, 'bin/podman-compose');
  if (!existsSync(command)) {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin/pip'), ['install', '--quiet', PODMAN_COMPOSE]);
  }
  return command;
}
