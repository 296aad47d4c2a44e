// Whether the lab stays as it is: the heap after a collection, over many calls (`--calls`) or over time under mixed load
// (`--minutes`), and what is still open when all is over.
import { loadAt, type Server } from '../gateway/measure.js';
import { CALL } from '../gateway/requests.js';
import { withLab } from '../gateway/setups.js';
import { atMost, type BenchResult, type Figure, type Floor, result, round } from '../report.js';
import { MixedLoad } from './mixed-load.js';

export interface SoakOptions {
  /** Calls altogether; 200 000 when neither is given. */
  readonly calls?: number | undefined;
  /** Minutes of mixed load instead. */
  readonly minutes?: number | undefined;
}

const CALLS = 200_000;
const POINTS = 10;
/** The first points are still warming up; from there on the heap may not grow by more than this. */
const WARM_POINT = 2;
const GROWTH_MAX_MB = 8;
const COOL_DOWN_MS = 3_000;
const HOUR_S = 3_600;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function soakBench({ calls = CALLS, minutes }: SoakOptions): Promise<BenchResult> {
  return withLab(
    async (lab) => {
      const points = minutes === undefined ? await manyCalls(lab, calls) : await mixed(lab, minutes);
      await pause(COOL_DOWN_MS);
      const heap = points.map(({ heapMb }) => heapMb);
      const growth = Math.max(...heap.slice(-2)) - (heap[Math.min(WARM_POINT, heap.length - 1)] ?? 0);
      const floors = [
        atMost('growth of the heap after warming up, MB', round(growth), GROWTH_MAX_MB),
        atMost('answers that were wrong', points.at(-1)?.errors ?? 0, 0),
        ...(await leftOver(lab)),
      ];
      return result(
        'soak',
        points.map(({ figure }) => figure),
        floors,
      );
    },
    ['--expose-gc'],
  );
}

interface Point {
  readonly figure: Figure;
  readonly heapMb: number;
  readonly errors: number;
}

/** The heap is what is left after a collection; the resident set has the embedded database and its growing tables in it. */
async function pointOf(lab: Server, name: string, about: { values: Figure['values']; errors: number }): Promise<Point> {
  const { heapBytes = Number.NaN, rssBytes } = await lab.usage();
  const heapMb = heapBytes / 1e6;
  const values = { ...about.values, 'heap MB': round(heapMb), 'RSS MB': round(rssBytes / 1e6) };
  process.stderr.write(`${name}  ${JSON.stringify(values)}\n`);
  return { figure: { case: name, values }, heapMb, errors: about.errors };
}

async function manyCalls(lab: Server, calls: number): Promise<Point[]> {
  const points: Point[] = [];
  for (let at = 1; at <= POINTS; at++) {
    const requests = Math.ceil(calls / POINTS);
    const { perSecond, p99Ms } = await loadAt({ ...lab.ready, wire: CALL }, 32, { seconds: HOUR_S, requests });
    const values = { 'calls/s': round(perSecond), 'p99 ms': round(p99Ms) };
    points.push(await pointOf(lab, `after ${at * requests} calls`, { values, errors: 0 }));
  }
  return points;
}

async function mixed(lab: Server, minutes: number): Promise<Point[]> {
  const points: Point[] = [];
  const load = new MixedLoad(lab.ready);
  const seconds = (minutes * 60) / POINTS;
  for (let at = 1; at <= POINTS; at++) {
    const { counts, errors } = await load.run(seconds);
    points.push(await pointOf(lab, `after ${round((at * seconds) / 60)} min`, { values: counts, errors }));
  }
  return points;
}

const OPEN_FIGURES = [
  'labmesh_calls_in_flight',
  'labmesh_open_streams',
  'labmesh_open_sessions',
  'labmesh_audit_buffer_records',
];

/** Nothing may still be open, or waiting, once every client is gone. */
async function leftOver({ ready }: Server): Promise<Floor[]> {
  const text = await (await fetch(`http://127.0.0.1:${ready.port}/metrics`)).text();
  return OPEN_FIGURES.map((name) => {
    const found = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
    return atMost(
      `${name} in the end`,
      found.reduce((sum, [, value]) => sum + Number(value), 0),
      0,
    );
  });
}
