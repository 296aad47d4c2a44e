// Attempts for tests: a folder, a log in memory, and limits that never hurt the machine that tests run on.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobSpec } from '@labmesh/contracts';
import type { AttemptLog, AttemptToRun } from '@labmesh/jobs';
import { newId } from '@labmesh/runtime';
import { ProcessExecutor } from './process-executor.js';
import { JOB_PATH } from './programs.js';

/** Keeps what a job writes; `onWrite` may hold it up. */
export class MemoryLog implements AttemptLog {
  readonly pieces = { stdout: [] as Buffer[], stderr: [] as Buffer[] };

  constructor(private readonly onWrite: (bytes: number) => Promise<void> | void = () => undefined) {}

  async write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> {
    await this.onWrite(bytes.length);
    this.pieces[stream].push(Buffer.from(bytes));
  }

  get written(): AttemptLog['written'] {
    const bytesOf = (pieces: readonly Buffer[]): number => pieces.reduce((sum, { length }) => sum + length, 0);
    return { stdout: bytesOf(this.pieces.stdout), stderr: bytesOf(this.pieces.stderr) };
  }

  get stdout(): string {
    return Buffer.concat(this.pieces.stdout).toString('utf8');
  }

  get stderr(): string {
    return Buffer.concat(this.pieces.stderr).toString('utf8');
  }
}

export interface Place extends AsyncDisposable {
  readonly home: string;
  readonly executor: ProcessExecutor;
  attempt(command: readonly string[], more?: Partial<Given>): Promise<AttemptToRun & { readonly log: MemoryLog }>;
}

interface Given {
  readonly spec: object;
  readonly gpus: readonly number[];
  readonly log: MemoryLog;
  readonly environment: Readonly<Record<string, string>>;
}

const PROCESSES = 40;

export async function place(): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), 'labmesh-process-'));
  const executor = new ProcessExecutor({
    hidden: [home],
    jobs: join(home, 'jobs'),
    environments: join(home, 'environments'),
    processes: PROCESSES,
  });
  return {
    home,
    executor,
    attempt: async (command, { spec = {}, gpus = [], log = new MemoryLog(), environment = {} } = {}) => {
      const jobId = `job_${newId()}`;
      const folder = join(home, 'jobs', jobId);
      await mkdir(folder, { recursive: true });
      return {
        jobId,
        number: 1,
        spec: JobSpec.parse({ name: 'test', command, resources: { memoryMb: 64, diskMb: 16, cpus: 1 }, ...spec }),
        command,
        environment: { PATH: JOB_PATH, HOME: folder, TMPDIR: join(folder, '.tmp'), LANG: 'C.UTF-8', ...environment },
        folder,
        gpus,
        log,
      };
    },
    [Symbol.asyncDispose]: async () => {
      await executor.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
