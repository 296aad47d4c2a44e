// JSON lines to Parquet: exact, with every byte looked at, beside DuckDB's own reading of the same file; and what the process takes.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Engine, importTable } from '@labmesh/curator/engine';
import { atMost, type Figure, type Floor, round } from '../report.js';
import { median } from '../timed.js';
import { type Measured, writeMeasured } from './measured-rows.js';

const MEGABYTE = 1_000_000;
const BYTES = 100 * MEGABYTE;
const TURNS = 5;
const RATIO_MAX = 1.3;
const MEMORY_MAX_MB = 512;
/** Of the file whose memory is looked at; see docs/performance.md for 2 GB. */
const LARGE_BYTES = Number(process.env.BENCH_LARGE_MB ?? 500) * MEGABYTE;

export async function importFigures(folder: string): Promise<{ figures: Figure[]; floors: Floor[] }> {
  const engine = new Engine();
  try {
    const file = join(folder, 'rows.ndjson');
    const rows = await writeMeasured(file, BYTES);
    const [own, ours]: [number[], number[]] = [[], []];
    // In turns, since neighbours on a machine come and go; the first turn warms both.
    for (let turn = 0; turn <= TURNS; turn += 1) {
      own.push(await timeOf(() => duckDbAlone(engine, file, folder)));
      ours.push(await timeOf(() => importTable({ file, target: join(folder, 'rows.parquet'), who: 'bench' }, engine)));
    }
    const [ownMs, oursMs] = [median(own.slice(1)), median(ours.slice(1))];
    const ratio = round(oursMs / ownMs);
    const large: Array<{ format: Measured; values: Awaited<ReturnType<typeof peakOf>> }> = [];
    for (const format of ['ndjson', 'json', 'csv'] as const)
      large.push({ format, values: await peakOf(engine, folder, format) });
    const values = (ms: number) => ({ rows, 'median ms': round(ms), 'MB/s': round(BYTES / 1_000 / ms) });
    return {
      figures: [
        { case: 'DuckDB alone, 100 MB of JSON lines to Parquet', values: values(ownMs) },
        { case: 'the same, exact: importTable', values: { ...values(oursMs), 'x DuckDB': ratio } },
        ...large.map(({ format, values }) => ({ case: `importTable, ${LARGE_BYTES / MEGABYTE} MB of ${format}`, values })),
      ],
      floors: [
        atMost('JSON lines to Parquet, x DuckDB alone', ratio, RATIO_MAX),
        ...large.map(({ format, values: { 'peak MB': peak } }) => atMost(`peak of the process, ${format}, MB`, peak, MEMORY_MAX_MB)),
      ],
    };
  } finally {
    await engine.close();
  }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** With the memory and threads that the import has, and with DuckDB's own look at the types. */
const duckDbAlone = (engine: Engine, file: string, _folder: string): Promise<void> =>
  engine.run({ who: 'bench', limitMs: 600_000, files: [file], threads: 2 }, (session) =>
    session.run(
      `COPY (SELECT * FROM read_json('${file}', format = 'newline_delimited')) TO '${session.folder}/own.parquet' (FORMAT parquet, COMPRESSION zstd)`,
    ),
  );

/** In a process of its own, whose most memory so far the system tells. */
async function peakOf(
  used: Engine,
  folder: string,
  format: Measured,
): Promise<{ rows: number; 'median ms': number; 'peak MB': number }> {
  await used.close();
  const engine = new Engine();
  const file = join(folder, `large.${format}`);
  const rows = await writeMeasured(file, LARGE_BYTES, format);
  let peak = 0;
  const look = setInterval(() => {
    for (const pid of engine.pids) peak = Math.max(peak, peakMb(pid));
  }, 50);
  try {
    const wanted = { file, format, target: join(folder, 'large.parquet'), who: 'bench' };
    const ms = await timeOf(() => importTable(wanted, engine));
    return { rows, 'median ms': round(ms), 'peak MB': round(peak) };
  } finally {
    clearInterval(look);
    await engine.close();
    await rm(file, { force: true });
  }
}

function peakMb(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}
