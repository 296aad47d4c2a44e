// Start-up time and memory of the lab as `npm start` runs it: first run on an empty folder, then again on the same one.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Child, freePort, temporaryFolder } from '@labmesh/testing';
import { atMost, type BenchResult, type Figure, result, round } from '../report.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const RUNS = 3;
const FIRST_MAX_S = 4;
const AGAIN_MAX_S = 2;
const RSS_MAX_MB = 450;

interface Start {
  readonly seconds: number;
  readonly rssMb: number;
}

async function start(home: string): Promise<Start> {
  const port = await freePort();
  const started = performance.now();
  await using child = new Child({
    command: process.execPath,
    args: ['tools/start.mjs'],
    cwd: ROOT,
    env: { PORT: String(port), LABMESH_HOME: home },
  });
  await child.until(() => child.output.includes('LabMesh is ready'));
  const seconds = (performance.now() - started) / 1_000;
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return { seconds, rssMb: residentMb(child.pid) };
}

/** Resident set in MB; from /proc, so NaN where there is none. */
function residentMb(pid: number | undefined): number {
  try {
    const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return (Number(kb) * 1_024) / 1e6;
  } catch {
    return Number.NaN;
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export async function startBench(): Promise<BenchResult> {
  const first: Start[] = [];
  const again: Start[] = [];
  for (let run = 0; run < RUNS; run++) {
    const home = await temporaryFolder('bench-start');
    first.push(await start(home));
    again.push(await start(home));
    await rm(home, { recursive: true, force: true });
  }
  const figure = (name: string, starts: readonly Start[]): Figure => ({
    case: name,
    values: {
      'ready s (median)': round(median(starts.map(({ seconds }) => seconds))),
      'RSS MB (median)': round(median(starts.map(({ rssMb }) => rssMb))),
    },
  });
  const rss = median([...first, ...again].map(({ rssMb }) => rssMb));
  const floors = [
    atMost('first run: seconds to ready', round(median(first.map(({ seconds }) => seconds))), FIRST_MAX_S),
    atMost('later runs: seconds to ready', round(median(again.map(({ seconds }) => seconds))), AGAIN_MAX_S),
    ...(Number.isNaN(rss) ? [] : [atMost('resident MB', round(rss), RSS_MAX_MB)]),
  ];
  return result(
    'start',
    [figure('first run, empty folder', first), figure('later runs, same folder', again)],
    floors,
    Number.isNaN(rss) ? ['memory is read from /proc, which this system lacks'] : [],
  );
}
