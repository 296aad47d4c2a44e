// A no-op tool through the gateway, in both modes, against a bare node:http JSON server in the same run.
import { rm } from 'node:fs/promises';
import { freePort, natsServer, postgresDatabase, temporaryFolder } from '@labmesh/testing';
import { type LoadOptions, load } from '../load.js';
import { MeasuredChild } from '../measured-child.js';
import { atMost, type BenchResult, type Figure, result, round } from '../report.js';

interface Ready {
  readonly port: number;
  readonly token?: string;
}

const SECONDS = 4;
const WARM_UP_SECONDS = 2;
/** CPU per request of gateway and agent together, in units of the bare server's. */
const CPU_RATIO_MAX = 12;

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
const PARAMS = { name: 'noop_echo', arguments: { message: 'hello' } };
const rpc = (params: object): string => JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });

/** The same call in both protocol eras: the one everybody speaks now, and the one that SDK v1 speaks. */
const MODERN = {
  body: rpc({ ...PARAMS, _meta: META }),
  headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'noop_echo' },
};
const OLDER = { body: rpc(PARAMS), headers: { 'mcp-protocol-version': '2025-11-25' } };
const LAB = new URL('./lab-server.js', import.meta.url);

interface Measured {
  readonly figure: Figure;
  /** CPU microseconds per request at concurrency 32, all given processes together. */
  readonly cpuMicros: number;
}

interface Case {
  readonly name: string;
  readonly port: number;
  readonly token?: string | undefined;
  readonly processes: ReadonlyArray<MeasuredChild<Ready>>;
  readonly wire?: { readonly body: string; readonly headers: Readonly<Record<string, string>> };
}

async function measure({ name, port, token, processes, wire = MODERN }: Case): Promise<Measured> {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { accept: 'application/json, text/event-stream', ...wire.headers, ...authorization };
  const at = (concurrency: number, seconds: number): LoadOptions => ({
    port,
    path: '/mcp',
    headers,
    body: wire.body,
    concurrency,
    seconds,
  });
  const cpu = async (): Promise<number> =>
    (await Promise.all(processes.map((child) => child.usage()))).reduce((sum, { cpuMicros }) => sum + cpuMicros, 0);
  await load(at(32, WARM_UP_SECONDS), 'hello');
  const one = await load(at(1, SECONDS), 'hello');
  const before = await cpu();
  const many = await load(at(32, SECONDS), 'hello');
  const cpuMicros = ((await cpu()) - before) / many.requests;
  const rss = (await Promise.all(processes.map((child) => child.usage()))).reduce(
    (sum, { rssBytes }) => sum + rssBytes,
    0,
  );
  const values = {
    'c1 req/s': round(one.perSecond),
    'c1 p50 ms': round(one.p50Ms),
    'c1 p99 ms': round(one.p99Ms),
    'c32 req/s': round(many.perSecond),
    'c32 p50 ms': round(many.p50Ms),
    'c32 p99 ms': round(many.p99Ms),
    'c32 CPU us/req': round(cpuMicros),
    'RSS MB': round(rss / 1e6),
  };
  return { figure: { case: name, values }, cpuMicros };
}

/** A server of one process that needs nothing. */
async function alone(
  script: string,
  about: { name: string; wire?: typeof OLDER; env?: Record<string, string> },
): Promise<Measured> {
  const { name, wire, env } = about;
  const child = await MeasuredChild.start<Ready>(new URL(script, import.meta.url), env);
  try {
    return await measure({ name, port: child.ready.port, processes: [child], ...(wire === undefined ? {} : { wire }) });
  } finally {
    await child.stop();
  }
}

/** What the official SDK costs: its servers, and a gateway made of its server and its client (the gateway's share only). */
async function sdk(): Promise<Measured[]> {
  const upstream = await MeasuredChild.start<Ready>(new URL('./sdk-v2-server.js', import.meta.url));
  try {
    return [
      await alone('./sdk-v1-server.js', { name: 'SDK v1 server, stateless', wire: OLDER }),
      await alone('./sdk-v2-server.js', { name: 'SDK v2 server' }),
      await alone('./sdk-v2-server.js', {
        name: 'gateway of SDK v2 server and client, itself only',
        env: { UPSTREAM: `http://127.0.0.1:${upstream.ready.port}/mcp` },
      }),
    ];
  } finally {
    await upstream.stop();
  }
}

async function labMode(): Promise<Measured> {
  const home = await temporaryFolder('bench');
  const port = await freePort();
  const child = await MeasuredChild.start<Ready>(LAB, {
    PARTS: 'sentinel,noop,gateway',
    LABMESH_HOME: home,
    PORT: String(port),
  });
  try {
    return await measure({ name: 'lab: gateway + agent + Sentinel, one process', ...child.ready, processes: [child] });
  } finally {
    await child.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/** Gateway, agent and Sentinel apart, over NATS; the figure is gateway and agent together. */
async function meshMode(): Promise<Measured> {
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
  const start = async (part: string, ownPort: number) =>
    MeasuredChild.start<Ready>(LAB, { ...env, PARTS: part, PORT: String(ownPort) });
  const sentinel = await start('sentinel', await freePort());
  const agent = await start('noop', await freePort());
  const gateway = await start('gateway', port);
  try {
    return await measure({
      name: 'mesh: gateway + agent over NATS',
      port,
      token: sentinel.ready.token,
      processes: [gateway, agent],
    });
  } finally {
    await Promise.all([gateway, agent, sentinel].map((child) => child.stop()));
    await rm(home, { recursive: true, force: true });
  }
}

export async function gatewayBench(): Promise<BenchResult> {
  const notes: string[] = [];
  const baseline = await alone('./bare-server.js', { name: 'bare node:http JSON' });
  const lab = await labMode();
  const mesh = await meshMode().catch((error: unknown) => {
    notes.push(
      `mesh not measured: it needs nats-server and PostgreSQL here (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)})`,
    );
    return undefined;
  });
  const all = [baseline, lab, ...(mesh === undefined ? [] : [mesh]), ...(await sdk())];
  const figures = all.map(({ figure, cpuMicros }) => ({
    ...figure,
    values: { ...figure.values, 'x bare CPU': round(cpuMicros / baseline.cpuMicros) },
  }));
  return result(
    'gateway',
    figures,
    [atMost('lab: CPU per request, times the bare server’s', round(lab.cpuMicros / baseline.cpuMicros), CPU_RATIO_MAX)],
    notes,
  );
}
