// A lab as a user runs it: the built program in its own process (or processes), on its own port, folder and servers.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Child,
  connectLab,
  type Era,
  freePort,
  type LabClient,
  natsServer,
  postgresDatabase,
  redisServer,
  temporaryFolder,
} from '@labmesh/testing';

export const ROOT = join(import.meta.dirname, '../..');
/** The Node that runs the lab: another one can be named to prove the lab on it. */
const NODE = process.env.LABMESH_TEST_NODE ?? process.execPath;

export interface LabUnderTest extends AsyncDisposable {
  readonly mode: 'lab' | 'mesh';
  /** The gateway's address, no slash at the end. */
  readonly url: string;
  readonly home: string;
  operatorToken(): string;
  connect(token: string, options?: { path?: string; era?: Era }): Promise<LabClient>;
  /** Everything the processes printed. */
  output(): string;
  /** kill -9 of every process, then a new start on the same data. */
  crashAndRestart(): Promise<void>;
}

const answers = async (url: string): Promise<boolean> => (await fetch(url)).status === 200;

function underTest(base: {
  mode: 'lab' | 'mesh';
  port: number;
  home: string;
  output: () => string;
  crashAndRestart: () => Promise<void>;
  dispose: () => Promise<void>;
}): LabUnderTest {
  const url = `http://127.0.0.1:${base.port}`;
  const operatorToken = (): string => readFileSync(join(base.home, 'operator.token'), 'utf8').trim();
  return {
    mode: base.mode,
    url,
    home: base.home,
    output: base.output,
    crashAndRestart: base.crashAndRestart,
    operatorToken,
    connect: (token, { path = '/mcp', era } = {}) =>
      connectLab({ url: `${url}${path}`, token, ...(era === undefined ? {} : { era }) }),
    [Symbol.asyncDispose]: base.dispose,
  };
}

export function labChild(options: { port: number; home: string; env?: Record<string, string> }): Child {
  const env = { PORT: String(options.port), LABMESH_HOME: options.home, ...options.env };
  return new Child({ command: NODE, args: ['tools/start.mjs'], cwd: ROOT, env });
}

/** The lab in one process, everything embedded. */
export async function oneProcessLab(env: Record<string, string> = {}): Promise<LabUnderTest> {
  const port = await freePort();
  const home = await temporaryFolder('lab');
  let child: Child;
  const start = async (): Promise<void> => {
    child = labChild({ port, home, env });
    await child.until(
      async () => child.output.includes('LabMesh is ready') && (await answers(`http://127.0.0.1:${port}/readyz`)),
    );
  };
  await start();
  return underTest({
    mode: 'lab',
    port,
    home,
    output: () => child.output,
    crashAndRestart: async () => {
      await child.crash();
      await start();
    },
    dispose: async () => {
      await child.stop();
      await rm(home, { recursive: true, force: true });
    },
  });
}

export interface Mesh extends LabUnderTest {
  readonly natsUrl: string;
  readonly databaseUrl: string;
  /** Starts one more process of an app; its own HTTP port comes back with it. */
  replica(app: string, env?: Record<string, string>): Promise<{ child: Child; port: number }>;
  child(app: string): Child;
  /** Starts an app's first process again, after it was stopped. */
  start(app: string): Promise<void>;
}

export const MESH_APPS = [
  'sentinel',
  'chancellor',
  'curator',
  'architect',
  'mechanic',
  'librarian',
  'gateway',
] as const;

/** Every app in its own process, on real NATS, PostgreSQL and Redis. */
export async function mesh(settings: Record<string, string> = {}): Promise<Mesh> {
  const [nats, postgres, redis] = await Promise.all([natsServer(), postgresDatabase(), redisServer()]);
  const port = await freePort();
  const home = await temporaryFolder('mesh');
  const children = new Map<string, Child>();
  const extra: Child[] = [];
  const spawn = async (app: string, ownPort: number, own: Record<string, string> = {}): Promise<Child> => {
    const env = {
      PORT: String(ownPort),
      LABMESH_HOME: home,
      LABMESH_PUBLIC_URL: `http://127.0.0.1:${port}`,
      NATS_URL: nats.url,
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      ...settings,
      ...own,
    };
    const child = new Child({ command: NODE, args: [`apps/${app}/dist/main.js`], cwd: ROOT, env });
    await child.until(() => answers(`http://127.0.0.1:${ownPort}/healthz`));
    return child;
  };
  const start = async (): Promise<void> => {
    for (const app of MESH_APPS) children.set(app, await spawn(app, app === 'gateway' ? port : await freePort()));
    await children.get('gateway')?.until(() => answers(`http://127.0.0.1:${port}/readyz`));
  };
  await start();
  const base = underTest({
    mode: 'mesh',
    port,
    home,
    output: () => [...children.values(), ...extra].map((child) => child.output).join('\n'),
    crashAndRestart: async () => {
      await Promise.all([...children.values()].map((child) => child.crash()));
      await start();
    },
    dispose: async () => {
      await Promise.all([...children.values(), ...extra].map((child) => child.stop()));
      await Promise.all([nats, postgres, redis].map((server) => server[Symbol.asyncDispose]()));
      await rm(home, { recursive: true, force: true });
    },
  });
  return {
    ...base,
    natsUrl: nats.url,
    databaseUrl: postgres.url,
    child: (app) => children.get(app) ?? extra[0] ?? raise(app),
    start: async (app) => {
      children.set(app, await spawn(app, app === 'gateway' ? port : await freePort()));
    },
    replica: async (app, env) => {
      const ownPort = await freePort();
      const child = await spawn(app, ownPort, env);
      extra.push(child);
      await child.until(() => answers(`http://127.0.0.1:${ownPort}/readyz`));
      return { child, port: ownPort };
    },
  };
}

const raise = (app: string): never => {
  throw new Error(`no process of ${app}`);
};
