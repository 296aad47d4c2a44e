// One attempt in its container, as the engine tells of it: its end, what it used, and how it is ended.
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type AttemptToRun, jobMark, type Usage } from '@labmesh/jobs';
import type { Container, ContainerInspectInfo, ContainerStats } from 'dockerode';
import { exitStatus } from '../exit-status.js';
import { type EngineAttempt, type EngineEnd, gpuMs, NOTHING_USED } from '../followed-attempt.js';
import type { AttemptCgroup } from './attempt-cgroup.js';
import { answered, type Engine, statusOf } from './engine.js';

/** Between two questions to an engine that does not answer. */
const AGAIN_MS = 1_000;

export class RunningContainer implements EngineAttempt {
  readonly handle: string;
  readonly #quick: Container;
  readonly #patient: Container;
  #used: Usage = NOTHING_USED;
  #endedAtMs: number | undefined;

  constructor(
    engine: Engine,
    private readonly attempt: AttemptToRun,
    private readonly state: { readonly startedAtMs: number; readonly cgroup: AttemptCgroup | undefined },
  ) {
    this.handle = jobMark(attempt);
    this.#quick = engine.quick.getContainer(this.handle);
    this.#patient = engine.patient.getContainer(this.handle);
  }

  /** An engine that is being restarted, or is busy, is asked again: the container is its own process. */
  async ended(signal: AbortSignal): Promise<EngineEnd> {
    for (;;) {
      try {
        await this.#over(signal);
        return await this.#end(await answered(this.#quick.inspect()));
      } catch (cause) {
        signal.throwIfAborted();
        if (statusOf(cause) === 404) throw cause;
        await pause(AGAIN_MS, undefined, { signal });
      }
    }
  }

  async usage(): Promise<Usage> {
    const used = this.state.cgroup ? await this.state.cgroup.used() : await this.#asked();
    this.#used = {
      cpuMs: Math.max(used.cpuMs, this.#used.cpuMs),
      gpuMs: gpuMs(this.attempt, this.state.startedAtMs, this.#endedAtMs),
      memoryBytes: used.memoryBytes,
      memoryPeakBytes: Math.max(used.memoryPeakBytes, used.memoryBytes, this.#used.memoryPeakBytes),
    };
    return this.#used;
  }

  terminate(): Promise<void> {
    return this.#signal('SIGTERM');
  }

  kill(): Promise<void> {
    return this.#signal('SIGKILL');
  }

  async remove(): Promise<void> {
    await removeContainer(this.#quick);
    await this.state.cgroup?.remove();
  }

  /** Read as a stream: only so does one hear that an engine went away in the middle of its answer. */
  async #over(signal: AbortSignal): Promise<void> {
    const { modem, id } = this.#patient;
    const request = { path: `/containers/${id}/wait?`, method: 'POST', isStream: true, statusCodes: { 200: true } };
    const answer = await new Promise<Readable>((resolve, reject) =>
      modem.dial(request, (error: Error | null, stream?: Readable) => (stream ? resolve(stream) : reject(error))),
    );
    try {
      await finished(answer.resume(), { signal });
    } finally {
      answer.destroy();
    }
  }

  async #end({ State }: ContainerInspectInfo): Promise<EngineEnd> {
    const finished = Date.parse(State.FinishedAt);
    this.#endedAtMs = finished > 0 ? finished : Date.now();
    const limit = this.attempt.spec.resources.memoryMb * 1024 * 1024;
    // Not every engine notices by itself that it was the kernel that killed for memory.
    const peak = (await this.usage().catch(() => NOTHING_USED)).memoryPeakBytes;
    const memory = State.OOMKilled || (State.ExitCode === 137 && peak >= limit);
    return { ...exitStatus(State.ExitCode), reason: memory ? 'memory' : null, message: null };
  }

  /** The engine's own figures; those of the last look once it has ended. */
  async #asked(): Promise<Pick<Usage, 'cpuMs' | 'memoryBytes' | 'memoryPeakBytes'>> {
    if (this.#endedAtMs !== undefined) return this.#used;
    const { cpu_stats, memory_stats } = (await answered(
      this.#quick.stats({ stream: false, 'one-shot': true }),
    )) as ContainerStats;
    return {
      cpuMs: Math.round((cpu_stats.cpu_usage?.total_usage ?? 0) / 1e6),
      memoryBytes: memory_stats.usage ?? 0,
      memoryPeakBytes: memory_stats.max_usage ?? 0,
    };
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    await answered(this.#quick.kill({ signal })).catch((cause: unknown) => {
      // 404: removed; 409: it does not run any more.
      if (![404, 409].includes(statusOf(cause) ?? 0)) throw cause;
    });
  }
}

/** Ends it if it runs. One that is not there is as good as removed. */
export async function removeContainer(container: Container): Promise<void> {
  await answered(container.remove({ force: true, v: true })).catch((cause: unknown) => {
    if (statusOf(cause) !== 404) throw cause;
  });
}
