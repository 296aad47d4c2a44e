// A lab for the oracle, in one process or as a mesh: the same agent at its own endpoint and behind the gateway.
// Needs the build; every process it starts is stopped by its own id.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Child, freePort, natsServer, postgresDatabase, temporaryFolder } from '@labmesh/testing';

/** What a part prints when it serves. */
export const READY = 'ORACLE PART READY';
/** The agent's own endpoint. */
export const OWN_PATH = '/own/mcp';
export const GATEWAY_PATH = '/mcp';

export type Mode = 'lab' | 'mesh';

export interface Endpoint {
  readonly port: number;
  readonly path: string;
  /** What stands before a tool's name there. */
  readonly prefix: string;
}

export interface OracleLab extends AsyncDisposable {
  readonly own: Endpoint;
  readonly gateway: Endpoint;
  /** The operator's token. */
  readonly token: string;
  /** Every process of the lab. */
  readonly children: readonly Child[];
}

/** Beside `src` and `dist` alike, so that tests that run from the sources find it too. */
const PART = join(import.meta.dirname, '../dist/part.js');
const ROOT = join(import.meta.dirname, '../../..');

/** One wallet asks everything here: limits would answer for the endpoint. */
const UNLIMITED = { LABMESH_RATE_PER_SECOND: '0', LABMESH_CONCURRENCY: '0', LABMESH_FAILED_AUTH_PER_MINUTE: '0' };

async function startPart(parts: string, port: number, env: Record<string, string>): Promise<Child> {
  const child = new Child({
    command: process.execPath,
    args: [PART],
    cwd: ROOT,
    env: { ...UNLIMITED, ...env, PARTS: parts, PORT: String(port) },
  });
  await child
    .until(() => child.output.includes(READY))
    .catch(async (error: unknown) => {
      await child.stop();
      throw error;
    });
  return child;
}

const tokenIn = (home: string): string => readFileSync(join(home, 'operator.token'), 'utf8').trim();

export async function oneProcess(): Promise<OracleLab> {
  const home = await temporaryFolder('oracle');
  const port = await freePort();
  const child = await startPart('sentinel,chancellor,fixture,gateway', port, { LABMESH_HOME: home });
  return {
    own: { port, path: OWN_PATH, prefix: '' },
    gateway: { port, path: GATEWAY_PATH, prefix: 'oracle_' },
    token: tokenIn(home),
    children: [child],
    async [Symbol.asyncDispose]() {
      await child.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Sentinel, fixture and gateway apart, over NATS; `nats-server` and PostgreSQL must be there. */
export async function overNats(): Promise<OracleLab> {
  const home = await temporaryFolder('oracle');
  const [nats, postgres] = await Promise.all([natsServer(), postgresDatabase()]);
  const [port, own, inside] = [await freePort(), await freePort(), await freePort()];
  const env = {
    LABMESH_HOME: home,
    NATS_URL: nats.url,
    DATABASE_URL: postgres.url,
    LABMESH_PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
  const children: Child[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop()));
    await Promise.all([nats, postgres].map((server) => server[Symbol.asyncDispose]()));
    await rm(home, { recursive: true, force: true });
  };
  try {
    children.push(await startPart('sentinel,chancellor', inside, env));
    children.push(await startPart('fixture', own, env));
    children.push(await startPart('gateway', port, env));
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    own: { port: own, path: OWN_PATH, prefix: '' },
    gateway: { port, path: GATEWAY_PATH, prefix: 'oracle_' },
    token: tokenIn(home),
    children,
    [Symbol.asyncDispose]: dispose,
  };
}

export const startLab = (mode: Mode): Promise<OracleLab> => (mode === 'lab' ? oneProcess() : overNats());
