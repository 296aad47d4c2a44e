// What is measured, started and stopped: the lab in one process, the mesh over NATS, the SDK's own servers.
import { rm } from 'node:fs/promises';
import { freePort, natsServer, postgresDatabase, temporaryFolder } from '@labmesh/testing';
import { MeasuredChild } from '../measured-child.js';
import { type Case, type Measured, measure, medians, type Ready, type Server } from './measure.js';
import { CALL, callOf, LIST, LIST_GZIP, OLDER_CALL, type Wire } from './requests.js';

const LAB = new URL('./lab-server.js', import.meta.url);
const BARE = new URL('./bare-server.js', import.meta.url);
const SDK_V1 = new URL('./sdk-v1-server.js', import.meta.url);
const SDK_V2 = new URL('./sdk-v2-server.js', import.meta.url);

/** The baseline's server. */
export const startBare = (): Promise<Server> => MeasuredChild.start<Ready>(BARE);

/** A server of one process that needs nothing. */
async function alone(
  script: URL,
  about: Pick<Case, 'name' | 'wire' | 'awake'> & { env?: Record<string, string> },
  bare: Server,
): Promise<Measured> {
  const { name, wire, awake, env } = about;
  const child = await MeasuredChild.start<Ready>(script, env);
  try {
    return await measure({ name, port: child.ready.port, processes: [child], wire, awake }, bare);
  } finally {
    await child.stop();
  }
}

/** The baseline beside itself, and what it costs whoever sends so many bytes as an answer. */
export const bareMeasured = (bare: Server): Promise<Measured> =>
  measure({ name: 'bare node:http JSON', port: bare.ready.port, processes: [bare], awake: true }, bare);

export const senderMeasured = (answerBytes: number, bare: Server): Promise<Measured> =>
  alone(
    BARE,
    {
      name: 'bare node:http, sending as many bytes as the plain list has',
      wire: { ...LIST, expect: '' },
      awake: true,
      env: { ANSWER_BYTES: String(answerBytes) },
    },
    bare,
  );

/** What the official SDK costs: its servers, and a gateway made of its server and its client (the gateway's share only). */
export async function sdkMeasured(bare: Server): Promise<Measured[]> {
  const upstream = await MeasuredChild.start<Ready>(SDK_V2);
  try {
    return [
      await alone(SDK_V1, { name: 'SDK v1 server, stateless', wire: OLDER_CALL }, bare),
      await alone(SDK_V2, { name: 'SDK v2 server' }, bare),
      await alone(
        SDK_V2,
        {
          name: 'gateway of SDK v2 server and client, itself only',
          env: { UPSTREAM: `http://127.0.0.1:${upstream.ready.port}/mcp` },
        },
        bare,
      ),
    ];
  } finally {
    await upstream.stop();
  }
}

/** Gateway, agent and Sentinel with its embedded database in one process. */
export async function withLab<T>(use: (lab: Server) => Promise<T>, execArgv: readonly string[] = []): Promise<T> {
  const home = await temporaryFolder('bench');
  const env = { PARTS: 'sentinel,noop,gateway', LABMESH_HOME: home, PORT: String(await freePort()) };
  const lab = await MeasuredChild.start<Ready>(LAB, env, execArgv);
  try {
    return await use(lab);
  } finally {
    await lab.stop();
    await rm(home, { recursive: true, force: true });
  }
}

export interface LabMeasured {
  readonly call: Measured;
  readonly lists: Lists;
}

export const labMeasured = (bare: Server): Promise<LabMeasured> =>
  withLab(async (lab) => {
    // Before the calls: their records are scored for a while after they were made.
    const lists = await listsMeasured('lab', { ...lab.ready, processes: [lab] }, bare);
    const call = await measure({ name: 'lab, tools/call: all in one process', ...lab.ready, processes: [lab] }, bare);
    return { call, lists };
  });

/** Compressed, as every client gets it that takes gzip: whatever uses `fetch`, both official SDKs with it; and plain. */
export interface Lists {
  readonly compressed: Measured;
  readonly plain: Measured;
}

async function listsMeasured(where: string, about: Omit<Case, 'name'>, bare: Server): Promise<Lists> {
  const measured = (name: string, wire: Wire): Promise<Measured> =>
    measure({ ...about, name: `${where}, ${name}`, wire, awake: true }, bare);
  return {
    compressed: await measured('tools/list of 60 tools', LIST_GZIP),
    plain: await measured('the same for clients that take no gzip', LIST),
  };
}

export interface MeshMeasured {
  /** CPU of gateway, agent and Sentinel, in this order. */
  readonly call: Measured;
  readonly lists: Lists;
  /** Median at concurrency 1 through the gateway, less the median at the agent's own endpoint, milliseconds. */
  readonly addedMs: number;
}

/** Gateway, agent and Sentinel apart, over NATS. */
export async function meshMeasured(bare: Server): Promise<MeshMeasured> {
  await using nats = await natsServer();
  await using postgres = await postgresDatabase();
  const home = await temporaryFolder('bench');
  const port = await freePort();
  const env = {
    LABMESH_HOME: home,
    NATS_URL: nats.url,
    DATABASE_URL: postgres.url,
    LABMESH_PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
  const start = async (part: string, ownPort: number): Promise<Server> =>
    MeasuredChild.start<Ready>(LAB, { ...env, PARTS: part, PORT: String(ownPort) });
  const sentinel = await start('sentinel', await freePort());
  const agent = await start('noop', await freePort());
  const gateway = await start('gateway', port);
  const { token } = sentinel.ready;
  try {
    const lists = await listsMeasured('mesh, the gateway’s process', { port, token, processes: [gateway] }, bare);
    const call = await measure(
      { name: 'mesh, tools/call: the gateway’s process', port, token, processes: [gateway, agent, sentinel] },
      bare,
    );
    const [there = Number.NaN, direct = Number.NaN] = await medians([
      { port, token, wire: CALL },
      { port: agent.ready.port, token, wire: callOf('echo') },
    ]);
    return { call, lists, addedMs: there - direct };
  } finally {
    await Promise.all([gateway, agent, sentinel].map((child) => child.stop()));
    await rm(home, { recursive: true, force: true });
  }
}
