// What a lab takes of a core while nobody asks it anything: the whole of it in one process, as `npm start` runs it.
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

/** @param options minutes to look at it; one unless told otherwise */
export async function idleBench({ minutes = DEFAULT_MINUTES }: { minutes?: number | undefined }): Promise<BenchResult> {
  const folder = await temporaryFolder('bench-idle');
  const env = { PORT: String(await freePort()), LABMESH_HOME: join(folder, 'home') };
  const lab = await startedBy('LabMesh is ready', [START], env);
  try {
    await pause(SETTLE_MS);
    const [began, before] = [performance.now(), cpuMs(lab.pid)];
    await pause(minutes * 60_000);
    const [seconds, cpu] = [(performance.now() - began) / 1_000, cpuMs(lab.pid) - before];
    const percent = cpu / seconds / 10;
    return result(
      'idle',
      [
        {
          case: 'lab, nobody asks',
          values: {
            seconds: round(seconds),
            'CPU ms': round(cpu),
            '% of a core': round(percent),
            'resident MB': round(residentMb(lab.pid)),
          },
        },
      ],
      Number.isNaN(percent) ? [] : [atMost('% of a core', round(percent), PERCENT_MAX)],
      Number.isNaN(percent) ? ['CPU time is read from /proc, which this system lacks'] : [],
    );
  } finally {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
