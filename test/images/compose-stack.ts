// The mesh of docker-compose.yml as containers, for stories: started as the file says, asked over the published port only.
import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { connectLab, freePort } from '@labmesh/testing';
import { composeFile } from '../harness/compose-file.js';
import type { LabUnderTest } from '../harness/lab-under-test.js';
import { buildImages, podman, podmanCompose, run, succeeds } from './podman.js';

const HEALTHY_MS = 120_000;
const LOOK_EVERY_MS = 500;

const { services: SERVICES } = composeFile();

/** Services of the base profile, each group after those that it depends on. */
function inOrder(): string[][] {
  const groups: string[][] = [];
  let left = Object.entries(SERVICES).filter(([, { profiles }]) => profiles === undefined);
  while (left.length > 0) {
    const started = groups.flat();
    const next = left.filter(([, { depends_on = {} }]) =>
      Object.keys(depends_on).every((name) => started.includes(name)),
    );
    if (next.length === 0) throw new Error(`services wait for each other: ${left.map(([name]) => name).join(', ')}`);
    groups.push(next.map(([name]) => name));
    left = left.filter((entry) => !next.includes(entry));
  }
  return groups;
}

export interface ComposeStack extends LabUnderTest {
  /** What a command prints in a service's container. @throws Error when it fails */
  exec(service: string, ...command: string[]): Promise<string>;
  container(service: string): string;
  /** The service `welcome`, as a newcomer runs it. */
  welcome(): Promise<string>;
  /** Each service of the base profile that stays up. */
  readonly services: readonly string[];
}

export async function composeStack(): Promise<ComposeStack> {
  const [images, compose, port] = await Promise.all([buildImages(), podmanCompose(), freePort()]);
  const project = `labmesh-test-${process.pid}`;
  const url = `http://127.0.0.1:${port}`;
  const env = { ...images, LABMESH_PORT: String(port), LABMESH_PUBLIC_URL: url };
  const composed = (...args: string[]) => run(compose, ['--project-name', project, ...args], { env });
  const container = (service: string): string => `${project}_${service}_1`;
  const exec = (service: string, ...command: string[]): Promise<string> =>
    podman('exec', container(service), ...command);

  const isHealthy = async (service: string): Promise<boolean> => {
    if (await succeeds('podman', ['healthcheck', 'run', container(service)])) return true;
    // Without a check, to have ended well is what others wait for.
    return (
      (await podman('inspect', container(service), '--format', '{{.State.Status}} {{.State.ExitCode}}')) === 'exited 0'
    );
  };
  const healthy = async (service: string): Promise<void> => {
    for (const giveUpAt = Date.now() + HEALTHY_MS; Date.now() < giveUpAt; await pause(LOOK_EVERY_MS))
      if (await isHealthy(service)) return;
    throw new Error(`${service} did not become healthy:\n${await podman('logs', '--tail', '40', container(service))}`);
  };
  // Podman 4.3 cannot wait for health, needs systemd to look for it, and starts nothing after a job that is over: this does
  // all of that, in the file's own order.
  const each = async (start: (group: string[]) => Promise<unknown>): Promise<void> => {
    for (const group of inOrder()) {
      await start(group);
      for (const service of group) await healthy(service);
    }
  };
  const services = inOrder()
    .flat()
    .filter((name) => SERVICES[name]?.healthcheck?.test !== undefined);
  const dispose = async (): Promise<void> => {
    await composed('down', '--volumes', '--timeout', '15');
  };
  try {
    await each((group) => composed('up', '--detach', '--no-build', '--no-recreate', '--no-deps', ...group));
  } catch (error) {
    await dispose();
    throw error;
  }
  const operatorToken = (): string =>
    execFileSync('podman', ['exec', container('sentinel'), 'cat', '/data/operator.token'], { encoding: 'utf8' }).trim();
  return {
    mode: 'mesh',
    url,
    home: '/data',
    bytes: '/blobs',
    services,
    container,
    exec,
    operatorToken,
    connect: (token, { path = '/mcp', era } = {}) =>
      connectLab({ url: `${url}${path}`, token, ...(era === undefined ? {} : { era }) }),
    output: () =>
      services
        .map((service) => execFileSync('podman', ['logs', container(service)], { encoding: 'utf8', stdio: 'pipe' }))
        .join('\n'),
    welcome: async () => (await composed('--profile', 'welcome', 'run', '--rm', '-T', '--no-deps', 'welcome')).out,
    crashAndRestart: async () => {
      await podman('kill', ...services.map(container));
      await each((group) => podman('start', ...group.map(container)));
    },
    [Symbol.asyncDispose]: dispose,
  };
}
