// Runs attempts in containers of an engine that speaks Docker's API. Containers go on without the worker: one that comes after it
// finds them by their name, which is the attempt's mark.
import { AppError, type JobSpec } from '@labmesh/contracts';
import { type AttemptToRun, type Executor, type ExecutorReport, jobMark, type RunningAttempt } from '@labmesh/jobs';
import { FollowedAttempt, outputOf } from '../followed-attempt.js';
import { giveFolder } from '../give-folder.js';
import { OutputFiles } from '../output-files.js';
import { AttemptCgroup } from './attempt-cgroup.js';
import { containerOptions } from './container-options.js';
import type { ContainerSettings } from './container-settings.js';
import { type Engine, type EngineFacts, factsOf, reach, saidBy, statusOf } from './engine.js';
import { fetchImage, requireImage } from './images.js';
import { RunningContainer, removeContainer } from './running-container.js';

/** The kernel tells of changes in a folder of this machine; this is for what it did not. */
const LOOK_MS = 1_000;

export class ContainerExecutor implements Executor {
  readonly kind = 'container';
  readonly #engine: Engine;
  #facts: EngineFacts | undefined;

  constructor(private readonly settings: ContainerSettings) {
    this.#engine = reach(settings.engine);
  }

  async probe(): Promise<ExecutorReport> {
    const facts = await factsOf(this.#engine, this.settings.engine);
    this.#facts = facts;
    return {
      kind: this.kind,
      version: `${facts.podman ? 'Podman' : 'Docker'} ${facts.version}`,
      enforced: {
        cpus: facts.cpus ? 'engine' : 'none',
        memory: facts.memory ? 'engine' : 'none',
        processes: facts.processes ? 'engine' : 'none',
        disk: 'watchdog',
        network: 'engine',
        wallTime: 'lab',
      },
      notes: notesOf(facts),
    };
  }

  async refuse(spec: JobSpec): Promise<void> {
    const { cpus, memory } = await this.#known();
    if (spec.image === undefined)
      throw new AppError('invalid_input', 'Cannot run a container without an image: name one in image.');
    if (spec.requirements !== undefined && spec.requirements.length > 0)
      throw new AppError(
        'invalid_input',
        'Cannot add requirements to a container: its Python is the image’s. Take an image that has them, or the process executor.',
      );
    if (!memory || !cpus)
      throw new AppError(
        'unavailable',
        'The container engine here can hold no container to its memory and CPUs: its control groups are not delegated to it.',
      );
    await requireImage(this.#engine, spec.image, this.settings);
  }

  async start(attempt: AttemptToRun): Promise<RunningAttempt> {
    await this.refuse(attempt.spec);
    const facts = await this.#known();
    await fetchImage(this.#engine, attempt.spec.image ?? '');
    const user = await this.#user(attempt.folder, facts);
    const files = await OutputFiles.make(attempt, user);
    const cgroup = facts.ownCgroups ? await AttemptCgroup.make(jobMark(attempt)) : undefined;
    try {
      const place = { user: `${user?.uid ?? 0}:${user?.gid ?? 0}`, cgroupParent: cgroup?.parent };
      const options = containerOptions(attempt, facts, { settings: this.settings, place });
      const container = await this.#engine.quick.createContainer(options);
      await container.start().catch(async (cause: unknown) => {
        await removeContainer(container);
        throw cause;
      });
    } catch (cause) {
      await files.remove();
      await cgroup?.remove();
      throw notStarted(attempt, cause);
    }
    return this.#follow(attempt, files, { startedAtMs: Date.now(), cgroup });
  }

  async adopt(attempt: AttemptToRun, handle: string): Promise<RunningAttempt | undefined> {
    const found = await this.#engine.quick
      .getContainer(handle)
      .inspect()
      .catch((cause: unknown) => {
        if (statusOf(cause) === 404) return undefined;
        throw new AppError('unavailable', `Cannot look for the container ${handle}: ${saidBy(cause)}`, { cause });
      });
    const startedAtMs = Date.parse(found?.State.StartedAt ?? '');
    // One that was made and not started has done nothing.
    const files = startedAtMs > 0 ? await OutputFiles.open(attempt).catch(() => undefined) : undefined;
    if (files === undefined) {
      await this.reap(attempt, handle);
      return undefined;
    }
    return this.#follow(attempt, files, { startedAtMs, cgroup: await AttemptCgroup.find(jobMark(attempt)) });
  }

  async reap(attempt: Pick<AttemptToRun, 'jobId' | 'number'>, handle: string | null): Promise<void> {
    for (const name of new Set([jobMark(attempt), ...(handle === null ? [] : [handle])]))
      await removeContainer(this.#engine.quick.getContainer(name));
    await (await AttemptCgroup.find(jobMark(attempt)))?.remove();
  }

  #follow(
    attempt: AttemptToRun,
    files: OutputFiles,
    state: { startedAtMs: number; cgroup: AttemptCgroup | undefined },
  ): RunningAttempt {
    const container = new RunningContainer(this.#engine, attempt, state);
    const kill = (): Promise<void> => container.kill();
    return new FollowedAttempt(container, outputOf(files, attempt.log, { pollMs: LOOK_MS, kill }));
  }

  async #known(): Promise<EngineFacts> {
    this.#facts ??= await factsOf(this.#engine, this.settings.engine);
    return this.#facts;
  }

  /** Never root outside the container: a rootless engine's root inside is the worker's own user. Undefined: that one. */
  async #user(folder: string, { rootless }: EngineFacts): Promise<{ uid: number; gid: number } | undefined> {
    if (rootless) return undefined;
    const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
    if (uid !== 0) return { uid, gid };
    const owner = { uid: this.settings.userId, gid: this.settings.userId };
    await giveFolder(folder, owner);
    return owner;
  }
}

function notesOf({ memory, cpus, processes, podman }: EngineFacts): string[] {
  const notes: string[] = [];
  if (!memory || !cpus || !processes)
    notes.push('Limits need control groups that the engine may use; without them jobs are refused.');
  if (podman) notes.push('GPUs by the Container Device Interface: nvidia-ctk cdi generate makes its file.');
  return notes;
}

function notStarted({ spec }: AttemptToRun, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const said = saidBy(cause);
  // The engine does not answer, or not as one: the job is not at fault.
  const code = statusOf(cause) === undefined ? 'unavailable' : 'invalid_input';
  return new AppError(code, `The container engine did not start ${spec.image}: ${said}`, { cause });
}
