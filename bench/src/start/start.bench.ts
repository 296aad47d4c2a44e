// Start-up and memory of the lab as `npm start` runs it, and the time of the command, each beside the least that such a start must do
// on the same machine: a process that opens the same embedded database, and a Node that does nothing.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, temporaryFolder } from '@labmesh/testing';
import { atMost, type BenchResult, type Figure, type Floor, result, round } from '../report.js';
import { type RunningChild, residentMb, type Started, startedBy, toItsEnd } from './timed-process.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BARE = fileURLToPath(new URL('./bare-database.js', import.meta.url));
const START = join(ROOT, 'tools/start.mjs');
const COMMAND = join(ROOT, 'apps/cli/bin/labmesh.js');

/** Neighbours on a machine come and go: each case is measured in turns with its baseline. */
const TURNS = 5;
const COMMAND_TURNS = 9;
const SETTLE_MS = 2_000;

const FIRST_MAX = 1.2;
const AGAIN_MAX = 2.5;
const RSS_MAX_MB = 330;
const VERSION_MAX = 2.5;
const STATUS_MAX = 5;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function startBare(folder: string): Promise<Started> {
  const child = await startedBy('answered', [BARE, folder]);
  await child.stop();
  return child;
}

async function startLab(home: string): Promise<{ child: RunningChild; url: string }> {
  const port = await freePort();
  const child = await startedBy('LabMesh is ready', [START], { PORT: String(port), LABMESH_HOME: home });
  return { child, url: `http://127.0.0.1:${port}` };
}

/** What was measured, by case, in the order of the turns. */
interface Starts {
  readonly bareFirst: Started[];
  readonly labFirst: Started[];
  readonly bareAgain: Started[];
  readonly labAgain: Started[];
  readonly rssMb: number[];
}

async function starts(): Promise<Starts> {
  const measured: Starts = { bareFirst: [], labFirst: [], bareAgain: [], labAgain: [], rssMb: [] };
  for (let turn = 0; turn < TURNS; turn++) {
    const folder = await temporaryFolder('bench-start');
    const [bare, home] = [join(folder, 'bare'), join(folder, 'home')];
    measured.bareFirst.push(await startBare(bare));
    const first = await startLab(home);
    measured.labFirst.push(first.child);
    await first.child.stop();
    measured.bareAgain.push(await startBare(bare));
    const again = await startLab(home);
    measured.labAgain.push(again.child);
    await pause(SETTLE_MS);
    measured.rssMb.push(residentMb(again.child.pid));
    await again.child.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return measured;
}

async function commands(): Promise<Record<'nothing' | 'version' | 'status', number[]>> {
  const home = await temporaryFolder('bench-command');
  const { child, url } = await startLab(home);
  const env = { LABMESH_URL: url, LABMESH_HOME: home };
  const measured = { nothing: [] as number[], version: [] as number[], status: [] as number[] };
  try {
    await toItsEnd([COMMAND, 'status'], env); // the first question opens the job queue
    for (let turn = 0; turn < COMMAND_TURNS; turn++) {
      measured.nothing.push(await toItsEnd(['-e', '0']));
      measured.version.push(await toItsEnd([COMMAND, '--version'], env));
      measured.status.push(await toItsEnd([COMMAND, 'status'], env));
    }
  } finally {
    await child.stop();
    await rm(home, { recursive: true, force: true });
  }
  return measured;
}

const startFigure = (name: string, measured: readonly Started[], beside?: readonly Started[]): Figure => {
  const [seconds, cpu] = [median(measured.map(({ ms }) => ms)) / 1_000, median(measured.map(({ cpuMs }) => cpuMs))];
  const x = beside === undefined ? undefined : seconds / (median(beside.map(({ ms }) => ms)) / 1_000);
  const xCpu = beside === undefined ? undefined : cpu / median(beside.map(({ cpuMs }) => cpuMs));
  return {
    case: name,
    values: {
      seconds: round(seconds),
      x: x === undefined ? '' : round(x),
      'CPU s': Number.isNaN(cpu) ? '' : round(cpu / 1_000),
      'x CPU': xCpu === undefined || Number.isNaN(xCpu) ? '' : round(xCpu),
    },
  };
};

const commandFigure = (name: string, ms: readonly number[], nothing?: readonly number[]): Figure => ({
  case: name,
  values: {
    seconds: round(median(ms) / 1_000),
    x: nothing === undefined ? '' : round(median(ms) / median(nothing)),
  },
});

export async function startBench(): Promise<BenchResult> {
  const { bareFirst, labFirst, bareAgain, labAgain, rssMb } = await starts();
  const { nothing, version, status } = await commands();
  const rss = median(rssMb);
  const ms = (measured: readonly Started[]): number => median(measured.map((started) => started.ms));
  const ratio = (what: string, measured: number, limit: number): Floor => atMost(what, round(measured), limit);
  return result(
    'start',
    [
      startFigure('bare database, first run', bareFirst),
      startFigure('lab, first run: empty folder', labFirst, bareFirst),
      startFigure('bare database, later runs', bareAgain),
      { ...startFigure('lab, later runs: same folder', labAgain, bareAgain) },
      commandFigure('node -e 0', nothing),
      commandFigure('labmesh --version', version, nothing),
      commandFigure('labmesh status', status, nothing),
      ...(Number.isNaN(rss) ? [] : [{ case: 'lab, resident MB after 2 s', values: { MB: round(rss) } }]),
    ],
    [
      ratio('first run, beside the bare database', ms(labFirst) / ms(bareFirst), FIRST_MAX),
      ratio('later runs, beside the bare database', ms(labAgain) / ms(bareAgain), AGAIN_MAX),
      ratio('labmesh --version, beside node -e 0', median(version) / median(nothing), VERSION_MAX),
      ratio('labmesh status, beside node -e 0', median(status) / median(nothing), STATUS_MAX),
      ...(Number.isNaN(rss) ? [] : [atMost('resident MB', round(rss), RSS_MAX_MB)]),
    ],
    Number.isNaN(rss) ? ['CPU time and memory are read from /proc, which this system lacks'] : [],
  );
}
