// Measures one case: latency and throughput at concurrency 1 and 32, and the CPU time that each process spends on a request.
// The baseline is measured in turns with it: a machine whose neighbours are busy is slow for both.
import { type LoadOptions, type LoadResult, load } from '../load.js';
import type { MeasuredChild, Usage } from '../measured-child.js';
import { type Figure, round } from '../report.js';
import { median } from '../timed.js';
import { CALL, type Wire } from './requests.js';

export interface Ready {
  readonly port: number;
  readonly token?: string | undefined;
}
export type Server = MeasuredChild<Ready>;

const SECONDS = 4;
const WARM_UP_SECONDS = 2;
const TURNS = 8;
const TURN_SECONDS = 0.5;

export interface Measured {
  readonly figure: Figure;
  /** CPU microseconds per request at concurrency 32, of the processes given, in their order. */
  readonly cpuMicros: readonly number[];
  /** The same of the baseline, meanwhile. */
  readonly bareMicros: number;
  /** Of one answer with its head. */
  readonly answerBytes: number;
}

/** Whatever tells what it used so far. */
interface Used {
  usage(): Promise<Usage>;
}

export interface Case {
  readonly name: string;
  readonly port: number;
  /** `/mcp` when left out. */
  readonly path?: string | undefined;
  readonly token?: string | undefined;
  /** Whose CPU time is counted; latency, throughput and memory are the first one's. */
  readonly processes: readonly [Used, ...Used[]];
  readonly wire?: Wire | undefined;
  readonly awake?: boolean | undefined;
}

export function loadAt(
  { port, token, path = '/mcp', wire = CALL, awake }: Pick<Case, 'port' | 'path' | 'token' | 'wire' | 'awake'>,
  concurrency: number,
  { seconds, requests }: Pick<LoadOptions, 'seconds' | 'requests'>,
): Promise<LoadResult> {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { accept: 'application/json, text/event-stream', ...wire.headers, ...authorization };
  const options: LoadOptions = { port, path, headers, body: wire.body, concurrency, seconds, requests, awake };
  return load(options, wire.expect);
}

/** @param bare the baseline's server */
export async function measure(about: Case, bare: Server): Promise<Measured> {
  const baseline: Case = { name: 'baseline', port: bare.ready.port, processes: [bare], awake: true };
  for (const each of [about, baseline]) await loadAt(each, 32, { seconds: WARM_UP_SECONDS });
  const one = await loadAt(about, 1, { seconds: SECONDS });
  const turns: Turn[] = [];
  const bareTurns: Turn[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    bareTurns.push(await turnOf(baseline));
    turns.push(await turnOf(about));
  }
  const many = turns.map(({ loaded }) => loaded);
  const { rssBytes } = await about.processes[0].usage();
  const [answerBytes = 0] = many.map((each) => each.answerBytes);
  const values = {
    'answer KB': round(answerBytes / 1e3),
    'c1 req/s': round(one.perSecond),
    'c1 p50 ms': round(one.p50Ms),
    'c1 p99 ms': round(one.p99Ms),
    'c32 req/s': round(median(many.map(({ perSecond }) => perSecond))),
    'c32 p50 ms': round(median(many.map(({ p50Ms }) => p50Ms))),
    'c32 p99 ms': round(median(many.map(({ p99Ms }) => p99Ms))),
    'RSS MB': round(rssBytes / 1e6),
  };
  const cpuMicros = about.processes.map((_, at) => median(turns.map(({ cpuMicros: each }) => each[at] ?? Number.NaN)));
  const bareMicros = median(bareTurns.map(({ cpuMicros: [micros = Number.NaN] }) => micros));
  return { figure: { case: about.name, values }, cpuMicros, bareMicros, answerBytes };
}

interface Turn {
  readonly loaded: LoadResult;
  /** Per request, of each process. */
  readonly cpuMicros: readonly number[];
}

async function turnOf(about: Case): Promise<Turn> {
  const cpu = async (): Promise<number[]> =>
    (await Promise.all(about.processes.map((child) => child.usage()))).map(({ cpuMicros }) => cpuMicros);
  const before = await cpu();
  const loaded = await loadAt(about, 32, { seconds: TURN_SECONDS });
  const after = await cpu();
  return { loaded, cpuMicros: after.map((micros, at) => (micros - (before[at] ?? 0)) / loaded.requests) };
}

/** Median latency in milliseconds, in turns with the other so that a busy machine is busy for both. */
export async function medians(cases: ReadonlyArray<Pick<Case, 'port' | 'token' | 'wire'>>): Promise<number[]> {
  const rounds = 5;
  const seen: number[][] = cases.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [at, about] of cases.entries()) seen[at]?.push((await loadAt(about, 1, { seconds: 1 })).p50Ms);
  return seen.map(median);
}
