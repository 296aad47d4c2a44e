// A lab as a user runs it: the built program in its own process (or processes), on its own port, folder and servers.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Transport } from '@labmesh/bus';
import { Child, connectLab, type Era, freePort, type LabClient, temporaryFolder } from '@labmesh/testing';
import { connectAs, type MeshServers, meshServers } from './mesh-credentials.js';

export const ROOT = join(import.meta.dirname, '../..');
/** The Node that runs the lab: another one can be named to prove the lab on it. */
const NODE = process.env.LABMESH_TEST_NODE ?? process.execPath;

/** What anybody can do who knows where it is. */
export interface Lab {
  readonly mode: 'lab' | 'mesh';
  /** The gateway's address, no slash at the end. */
  readonly url: string;
  readonly home: string;
  /** The folder of its place for bytes. */
  readonly bytes: string;
  operatorToken(): string;
  connect(token: string, options?: { path?: string; era?: Era }): Promise<LabClient>;
}

export interface LabUnderTest extends Lab, AsyncDisposable {
  /** Everything the processes printed. */
  output(): string;
  /** kill -9 of every process, then a new start on the same data. */
  crashAndRestart(): Promise<void>;
}

const answers = async (url: string): Promise<boolean> => (await fetch(url)).status === 200;

/** Where a lab is: all that another process has to know of it. */
export interface Place {
  readonly mode: 'lab' | 'mesh';
  readonly port: number;
  readonly home: string;
}

export function labAt({ mode, port, home }: Place): Lab {
  const url = `http://127.0.0.1:${port}`;
  return {
    mode,
    url,
    home,
    bytes: join(home, 'blobs'),
    operatorToken: () => readFileSync(join(home, 'operator.token'), 'utf8').trim(),
    connect: (token, { path = '/mcp', era } = {}) =>
      connectLab({ url: `${url}${path}`, token, ...(era === undefined ? {} : { era }) }),
  };
}

interface ChildOptions {
  readonly port: number;
  readonly home: string;
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
}

export function labChild(options: ChildOptions): Child {
  const env = { PORT: String(options.port), LABMESH_HOME: options.home, ...options.env };
  return new Child({ command: NODE, args: ['tools/start.mjs', ...(options.args ?? [])], cwd: ROOT, env });
}

/** The lab in one process, everything embedded. @param args as `npm start -- <args>` takes them */
export async function oneProcessLab(
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<LabUnderTest> {
  const port = await freePort();
  const home = await temporaryFolder('lab');
  let child: Child;
  const start = async (): Promise<void> => {
    child = labChild({ port, home, env, args });
    await child.until(
      async () => child.output.includes('LabMesh is ready') && (await answers(`http://127.0.0.1:${port}/readyz`)),
    );
  };
  await start();
  return {
    ...labAt({ mode: 'lab', port, home }),
    output: () => child.output,
    crashAndRestart: async () => {
      await child.crash();
      await start();
    },
    [Symbol.asyncDispose]: async () => {
      await child.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export interface MeshPlace extends Place {
  /** Settings of each app: where its servers are, and who it is there. */
  readonly apps: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A mesh that somebody else started: more processes can join it, and leave it again when this is disposed of. */
export interface JoinedMesh extends Lab, AsyncDisposable {
  readonly place: MeshPlace;
  /** Starts one more process of an app; its own HTTP port comes back with it. */
  replica(app: string, env?: Record<string, string>): Promise<{ child: Child; port: number }>;
  /** Connects to the broker as this app would. */
  connectBus(app: string): Promise<Transport>;
}

export interface Mesh extends LabUnderTest, JoinedMesh {
  readonly servers: MeshServers;
  child(app: string): Child;
  /** Where an app's first process answers over HTTP. */
  urlOf(app: string): string;
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
  'worker',
  'gateway',
] as const;

/** A process of a mesh. */
async function joining(place: MeshPlace, app: string, port: number, more: Record<string, string>): Promise<Child> {
  const env = {
    PORT: String(port),
    LABMESH_HOME: place.home,
    ...place.apps[app],
    ...more,
  };
  const child = new Child({ command: NODE, args: ['tools/start-app.mjs', app], cwd: ROOT, env });
  await child.until(() => answers(`http://127.0.0.1:${port}/healthz`));
  return child;
}

export function joinedMesh(
  place: MeshPlace,
  settings: Record<string, string> = {},
): JoinedMesh & { readonly extra: readonly Child[] } {
  const extra: Child[] = [];
  return {
    ...labAt(place),
    place,
    bytes: fileURLToPath(place.apps.gateway?.BLOBS_URL ?? raise('gateway')),
    extra,
    connectBus: (app) => connectAs(app, place.apps[app] ?? {}),
    replica: async (app, env = {}) => {
      const port = await freePort();
      const child = await joining(place, app, port, { ...settings, ...env });
      extra.push(child);
      await child.until(() => answers(`http://127.0.0.1:${port}/readyz`));
      return { child, port };
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(extra.map((child) => child.stop()));
      expectRights(extra);
    },
  };
}

/** Nobody was refused a subject at the broker: the rights that an installation has are enough. */
function expectRights(children: readonly Child[]): void {
  const isRefusal = (line: string): boolean => line.includes('the message broker refused');
  const refused = children.flatMap(({ output }) => output.split('\n').filter(isRefusal));
  if (refused.length > 0) throw new Error(`a process has too few rights at the broker:\n${refused.join('\n')}`);
}

/** Every app in its own process and with its own rights, on real NATS, PostgreSQL and Redis. */
export async function mesh(settings: Record<string, string> = {}): Promise<Mesh> {
  const [port, home] = [await freePort(), await temporaryFolder('mesh')];
  const servers = await meshServers(`http://127.0.0.1:${port}`);
  const apps = Object.fromEntries(MESH_APPS.map((app) => [app, servers.settings(app)]));
  const place: MeshPlace = { mode: 'mesh', port, home, apps };
  const { extra, ...joined } = joinedMesh(place, settings);
  const children = new Map<string, Child>();
  const ports = new Map<string, number>();
  const start = async (app: string): Promise<void> => {
    const own = app === 'gateway' ? port : await freePort();
    ports.set(app, own);
    children.set(app, await joining(place, app, own, settings));
  };
  const startAll = async (): Promise<void> => {
    for (const app of MESH_APPS) await start(app);
    await children.get('gateway')?.until(() => answers(`http://127.0.0.1:${port}/readyz`));
  };
  await startAll();
  return {
    ...joined,
    servers,
    output: () => [...children.values(), ...extra].map((child) => child.output).join('\n'),
    crashAndRestart: async () => {
      await Promise.all([...children.values()].map((child) => child.crash()));
      await startAll();
    },
    child: (app) => children.get(app) ?? extra[0] ?? raise(app),
    urlOf: (app) => `http://127.0.0.1:${ports.get(app) ?? raise(app)}`,
    start,
    [Symbol.asyncDispose]: async () => {
      const all = [...children.values(), ...extra];
      await Promise.all(all.map((child) => child.stop()));
      await servers[Symbol.asyncDispose]();
      expectRights(all);
      await rm(home, { recursive: true, force: true });
    },
  };
}

const raise = (app: string): never => {
  throw new Error(`no process of ${app}`);
};
