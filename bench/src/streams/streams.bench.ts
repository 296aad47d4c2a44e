// Ten thousand open streams on one gateway: what each costs, how fast a change reaches all, and that a drain ends all properly.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { freePort, natsServer, postgresDatabase, temporaryFolder } from '@labmesh/testing';
import { MeasuredChild, type Usage } from '../measured-child.js';
import { atMost, type BenchResult, type Figure, type Floor, result, round } from '../report.js';
import { Listener, type Target } from './listener.js';

interface Ready {
  readonly port: number;
  readonly token?: string;
}

const STREAMS = 10_000;
/** Descriptors that a process needs beside its streams. */
const SPARE_DESCRIPTORS = 500;
const OPENING_AT_ONCE = 50;
/** Longer than the time between two keep-alive comments, 15 s. */
const REST_MS = 30_000;
const SETTLE_MS = 3_000;
const HEARD_MS = 30_000;
const DRAIN_MS = 15_000;
const KB_PER_STREAM_MAX = 50;
const REACHED_MAX_S = 5;

const LAB = new URL('../gateway/lab-server.js', import.meta.url);
/** All streams here are one wallet's and one address's: what a process can hold is measured, not what one caller may. */
const WIDE = { LABMESH_STREAMS: '0', LABMESH_CONNECTIONS_PER_ADDRESS: '0', LABMESH_DRAIN_MS: '10000' };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const cpuMs = (before: Usage, after: Usage): number => (after.cpuMicros - before.cpuMicros) / 1_000;

/** How many descriptors a process may have here: Node raises its soft limit to the hard one by itself. */
function descriptors(): number {
  try {
    return Number(/^Max open files +\d+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? STREAMS * 2);
  } catch {
    return STREAMS * 2;
  }
}

async function openAll(target: Target, count: number): Promise<Listener[]> {
  const listeners: Listener[] = [];
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      listeners.push(await Listener.open(target));
    }
  };
  await Promise.all(Array.from({ length: OPENING_AT_ONCE }, worker));
  return listeners;
}

/** Waits until `done` holds for all, or the time is over; resolves with how many it holds for. */
async function until(listeners: readonly Listener[], done: (one: Listener) => boolean, boundMs: number) {
  for (const over = performance.now() + boundMs; performance.now() < over; await pause(50))
    if (listeners.every(done)) break;
  return listeners.filter(done).length;
}

const lastOf = (times: ReadonlyArray<number | undefined>): number =>
  times.reduce<number>((last, at) => Math.max(last, at ?? 0), 0);
const firstOf = (times: ReadonlyArray<number | undefined>): number =>
  times.reduce<number>((first, at) => Math.min(first, at ?? Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);

type Child = MeasuredChild<Ready>;

interface Lab {
  readonly gateway: Child;
  /** Its end is the change that everybody hears of. */
  readonly agent: Child;
  readonly token: string;
}

async function opening(
  { gateway, token }: Lab,
  count: number,
): Promise<{ listeners: Listener[]; figure: Figure; kb: number }> {
  const target = { port: gateway.ready.port, token };
  // What the first streams load stays loaded; it is not part of what one more costs.
  for (const warm of await openAll(target, 200)) warm.close();
  await pause(SETTLE_MS);
  const before = await gateway.usage();
  const started = performance.now();
  const listeners = await openAll(target, count);
  const seconds = (performance.now() - started) / 1_000;
  const opened = await gateway.usage();
  await pause(SETTLE_MS);
  const settled = await gateway.usage();
  const kb = (settled.rssBytes - before.rssBytes) / 1_024 / count;
  const values = {
    streams: listeners.length,
    seconds: round(seconds),
    'CPU ms': round(cpuMs(before, opened)),
    'RSS MB': round(settled.rssBytes / 1e6),
    'KB per stream': round(kb),
  };
  return { listeners, figure: { case: 'opened', values }, kb };
}

async function resting({ gateway }: Lab, listeners: readonly Listener[]): Promise<Figure> {
  const before = await gateway.usage();
  await pause(REST_MS);
  const after = await gateway.usage();
  const open = listeners.filter(({ endedAt }) => endedAt === undefined).length;
  const percent = (cpuMs(before, after) / REST_MS) * 100;
  return {
    case: 'at rest',
    values: {
      streams: open,
      seconds: REST_MS / 1_000,
      'CPU ms': round(cpuMs(before, after)),
      'CPU %': round(percent),
      'RSS MB': round(after.rssBytes / 1e6),
    },
  };
}

async function change({ gateway, agent }: Lab, listeners: readonly Listener[]) {
  const before = await gateway.usage();
  await agent.stop();
  const heard = await until(listeners, ({ changedAt }) => changedAt !== undefined, HEARD_MS);
  const after = await gateway.usage();
  const times = listeners.map(({ changedAt }) => changedAt);
  const seconds = (lastOf(times) - firstOf(times)) / 1_000;
  const figure = {
    case: 'one list_changed, first to last',
    values: {
      streams: heard,
      seconds: round(seconds),
      'CPU ms': round(cpuMs(before, after)),
      'RSS MB': round(after.rssBytes / 1e6),
    },
  };
  return { heard, seconds, figure };
}

async function drain({ gateway }: Lab, listeners: readonly Listener[]): Promise<{ graceful: number; figure: Figure }> {
  const ended = until(listeners, ({ endedAt }) => endedAt !== undefined, DRAIN_MS);
  await gateway.stop(DRAIN_MS);
  await ended;
  const times = listeners.map(({ endedAt }) => endedAt);
  const graceful = listeners.filter((listener) => listener.graceful).length;
  const seconds = (lastOf(times) - firstOf(times)) / 1_000;
  return {
    graceful,
    figure: { case: 'drain, first end to last', values: { streams: graceful, seconds: round(seconds) } },
  };
}

async function measured(lab: Lab, count: number): Promise<{ figures: Figure[]; floors: Floor[] }> {
  const { listeners, figure, kb } = await opening(lab, count);
  const rest = await resting(lab, listeners);
  const { heard, seconds, figure: told } = await change(lab, listeners);
  const { graceful, figure: drained } = await drain(lab, listeners);
  return {
    figures: [figure, rest, told, drained],
    floors: [
      atMost('KB of memory per stream', round(kb), KB_PER_STREAM_MAX),
      atMost('streams that did not hear of the change', count - heard, 0),
      atMost('seconds from the first to the last that heard', round(seconds), REACHED_MAX_S),
      atMost('streams that were not ended by their result', count - graceful, 0),
    ],
  };
}

export async function streamsBench(): Promise<BenchResult> {
  const count = Math.min(STREAMS, descriptors() - SPARE_DESCRIPTORS);
  const notes =
    count < STREAMS ? [`${count} streams, not ${STREAMS}: a process may have ${descriptors()} open files here`] : [];
  await using nats = await natsServer();
  await using postgres = await postgresDatabase();
  const home = await temporaryFolder('bench-streams');
  const port = await freePort();
  const env = {
    ...WIDE,
    LABMESH_HOME: home,
    NATS_URL: nats.url,
    DATABASE_URL: postgres.url,
    LABMESH_PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
  const children: Child[] = [];
  const start = async (part: string, ownPort: number): Promise<Child> => {
    const child = await MeasuredChild.start<Ready>(LAB, { ...env, PARTS: part, PORT: String(ownPort) });
    children.push(child);
    return child;
  };
  try {
    const sentinel = await start('sentinel', await freePort());
    const agent = await start('noop', await freePort());
    const gateway = await start('gateway', port);
    const { figures, floors } = await measured({ gateway, agent, token: sentinel.ready.token ?? '' }, count);
    return result('streams', figures, floors, notes);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await rm(home, { recursive: true, force: true });
  }
}
