// Starts the processes of a mesh in their order, keeps them running, and stops them in the other order. What runs is written
// down at each change, so that whoever comes after a supervisor that was killed finds its processes, and ends them.
import { AppError, toAppError } from '@labmesh/contracts';
import type { PlannedProcess } from './plan.js';
import { endAll, gone, type ProcessIdentity } from './process-identity.js';
import type { MeshState, RunFolder } from './run-folder.js';
import { GRACE_MS, type Launch, Supervised } from './supervised.js';

const TIDY_EVERY_MS = 5_000;
/** A supervisor stops one stage after the other. */
const SUPERVISOR_GRACE_MS = 3 * GRACE_MS + 10_000;

export interface SupervisorOptions {
  readonly stages: ReadonlyArray<readonly PlannedProcess[]>;
  readonly launch: (planned: PlannedProcess) => Launch;
  readonly folder: RunFolder;
  readonly url: string;
  readonly tell: (text: string) => void;
  /** Before the first process. */
  readonly prepare: () => Promise<void>;
}

export class Supervisor {
  readonly #stages: Supervised[][];
  readonly #startedAt = new Date().toISOString();
  #ready = false;
  #over = false;
  #stopping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: SupervisorOptions) {
    const watcher = { changed: () => this.#write(), tell: options.tell };
    this.#stages = options.stages.map((stage) =>
      stage.map(
        (planned) =>
          new Supervised(planned, options.launch(planned), {
            log: options.folder.file(`${planned.name}.log`),
            watcher,
          }),
      ),
    );
  }

  /** @throws AppError conflict when this mesh is up; else why a process could not be started, after all others were stopped */
  async start(): Promise<MeshState> {
    const { folder, tell, prepare } = this.options;
    await folder.claim();
    try {
      await endLeft(folder, tell);
      await Promise.all(this.#stages.flat().map((one) => one.assertPortFree()));
      await prepare();
      this.#timer = setInterval(() => this.#tidy(), TIDY_EVERY_MS);
      for (const stage of this.#stages) {
        if (this.#stopping !== undefined) throw new AppError('cancelled', 'Stopped before everything was started.');
        await Promise.all(stage.map((one) => one.start()));
        tell(`${stage.map(({ state }) => `${state.name} on ${state.port}`).join(', ')}: ready`);
      }
      this.#ready = true;
      this.#write();
      return this.#state();
    } catch (thrown) {
      await this.stop();
      throw toAppError(thrown);
    }
  }

  /** Stops what is before the others first: nobody is sent where nobody is any more. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const stage of this.#stages.toReversed()) await Promise.all(stage.map((one) => one.stop()));
    this.#over = true;
    this.options.folder.clear();
  }

  #tidy(): void {
    for (const one of this.#stages.flat()) one.tidy();
  }

  /** After the end nothing is written down any more: it would say that something runs. */
  #write(): void {
    if (!this.#over) this.options.folder.write(this.#state());
  }

  #state(): MeshState {
    const processes = this.#stages.flat().map(({ state }) => state);
    const { url } = this.options;
    return { supervisor: process.pid, startedAt: this.#startedAt, url, ready: this.#ready, processes };
  }
}

/** Ends the processes that a supervisor left when it was killed. */
async function endLeft(folder: RunFolder, tell: (text: string) => void): Promise<ProcessIdentity[]> {
  const left = folder.running();
  if (left.length > 0) tell(`ending ${left.length} processes that an earlier supervisor left`);
  await endAll(left, GRACE_MS);
  return left;
}

/** Ends the mesh of this folder, supervised or left. @returns how many processes were ended; 0 when nothing ran */
export async function takeDown(folder: RunFolder, tell: (text: string) => void): Promise<number> {
  const supervisor = folder.supervisor();
  const running = folder.running();
  if (supervisor !== undefined) {
    tell(`asking the supervisor, process ${supervisor.pid}, to stop ${running.length} processes`);
    await endAll([supervisor], SUPERVISOR_GRACE_MS);
  }
  await endLeft(folder, tell);
  if (!(await gone(running, 0)))
    throw new AppError('internal', 'Cannot end everything: some processes are still there after SIGKILL.');
  folder.clear();
  return running.length;
}
