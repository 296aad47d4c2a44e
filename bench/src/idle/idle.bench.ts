// What a lab takes of a core while nobody asks it anything: the whole of it in one process, as `npm start` runs it. The first minute is
// told apart: in it V8 gives the memory of the start back, once, by a full collection.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, temporaryFolder } from '@labmesh/testing';
import { atMost, type BenchResult, result, round } from '../report.js';
import { cpuMs, residentMb, startedBy } from '../start/timed-process.js';

const START = fileURLToPath(new URL('../../../tools/start.mjs', import.meta.url));
/** A process that just began has things to finish. */
const SETTLE_MS = 15_000;
const DEFAULT_MINUTES = 1;
const PERCENT_MAX = 0.5;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** @param options minutes to look at it after the first; one unless told otherwise */
export async function idleBench({ minutes = DEFAULT_MINUTES }: { minutes?: number | undefined }): Promise<BenchResult> {
  const folder = await temporaryFolder('bench-idle');
  const env = { PORT: String(await freePort()), LABMESH_HOME: join(folder, 'home') };
  const lab = await startedBy('LabMesh is ready', [START], env);
  try {
    await pause(SETTLE_MS);
    const first = await look(lab.pid, 1);
    const rest = await look(lab.pid, minutes);
    return result(
      'idle',
      [
        { case: 'lab, nobody asks: the first minute', values: first },
        { case: 'lab, nobody asks: after it', values: rest },
      ],
      Number.isNaN(rest['% of a core'])
        ? []
        : [atMost('% of a core, after the first minute', rest['% of a core'], PERCENT_MAX)],
      Number.isNaN(rest['% of a core']) ? ['CPU time is read from /proc, which this system lacks'] : [],
    );
  } finally {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function look(pid: number, minutes: number) {
  const [began, before] = [performance.now(), cpuMs(pid)];
  await pause(minutes * 60_000);
  const [seconds, cpu] = [(performance.now() - began) / 1_000, cpuMs(pid) - before];
  return {
    seconds: round(seconds),
    'CPU ms': round(cpu),
    '% of a core': round(cpu / seconds / 10),
    'resident MB': round(residentMb(pid)),
  };
}
