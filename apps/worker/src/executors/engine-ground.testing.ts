// What tests of executors stand on: an engine, folders and attempts for it, and a log in memory.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError, type ErrorCodeName, JobSpec } from '@labmesh/contracts';
import type { AttemptLog, AttemptToRun, Executor } from '@labmesh/jobs';
import { type EngineKind, type EngineSettings, openExecutor } from './open-executor.js';

export type SpecInput = Parameters<typeof JobSpec.parse>[0] & object;

export interface EngineUnderTest<K extends EngineKind = EngineKind> extends AsyncDisposable {
  readonly kind: K;
  readonly settings: EngineSettings[K];
  /** What every spec needs here: an image. */
  readonly spec: object;
  /** What nobody has, and how it is refused. */
  readonly unknown: { readonly spec: object; readonly code: ErrorCodeName };
  /** Variables that the engine adds by itself. */
  readonly adds: readonly string[];
  /** False where the engine keeps both streams as one. */
  readonly streamsApart: boolean;
  /** False where nothing here holds a job to its memory. */
  readonly holdsMemory: boolean;
  /** False where the engine tells no sums of CPU and memory. */
  readonly countsUse: boolean;
  /** Where jobs' folders must be; the system's temporary folder when left out. */
  readonly folders?: string;
  /** What the engine still has of an attempt. */
  left(mark: string): Promise<readonly string[]>;
}

export class MemoryLog implements AttemptLog {
  readonly chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  readonly written = { stdout: 0, stderr: 0 };

  constructor(private readonly bytesMax = Number.POSITIVE_INFINITY) {}

  async write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> {
    this.chunks[stream].push(Buffer.from(bytes));
    this.written[stream] += bytes.length;
    if (this.written.stdout + this.written.stderr > this.bytesMax) throw new AppError('too_large', 'The log is full.');
  }

  bytes(stream: 'stdout' | 'stderr'): Buffer {
    return Buffer.concat(this.chunks[stream]);
  }

  text(stream: 'stdout' | 'stderr' = 'stdout'): string {
    return this.bytes(stream).toString('utf8');
  }
}

export const shell = (script: string): SpecInput => ({ name: 'behaviour', command: ['/bin/sh', '-c', script] });

/** Waits in the shell, so that a signal is handled between two short sleeps. */
export const FOREVER = 'while :; do sleep 0.1; done';

export class Ground {
  readonly #folders: string[] = [];

  constructor(readonly engine: EngineUnderTest) {}

  open(): Promise<Executor> {
    return openExecutor(this.engine.kind, this.engine.settings as never);
  }

  spec(more: SpecInput): JobSpec {
    const small = { cpus: 0.5, memoryMb: 64, wallSeconds: 300 };
    return JobSpec.parse({ executor: this.engine.kind, resources: small, ...this.engine.spec, ...more });
  }

  async attempt(more: SpecInput, log: AttemptLog = new MemoryLog()): Promise<AttemptToRun> {
    const folder = await mkdtemp(join(this.engine.folders ?? tmpdir(), 'labmesh-job-'));
    this.#folders.push(folder);
    const spec = this.spec(more);
    const environment = { PATH: '/usr/bin:/bin', HOME: folder, CUDA_VISIBLE_DEVICES: '', ...spec.environment };
    const jobId = `job_${randomUUID()}`;
    return { jobId, number: 1, spec, command: spec.command ?? [], environment, folder, gpus: [], log };
  }

  async remove(): Promise<void> {
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }
}
