// Runs attempts as processes of this machine: each in a session, a control group and namespaces of its own, as far as the machine
// permits that. What it does not permit is told by probe(), and refused where a job asks for it.
import { mkdirSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { AppError, type JobSpec } from '@labmesh/contracts';
import {
  type AttemptToRun,
  type Executor,
  type ExecutorReport,
  jobMark,
  MARK_VARIABLE,
  type RunningAttempt,
} from '@labmesh/jobs';
import { ControlGroup, makeGroup } from './cgroup.js';
import { assertCommand } from './command-check.js';
import { endProcesses } from './end-processes.js';
import { type Keeper, type Namespaces, startKeeper } from './keeper.js';
import { commandLine } from './launch.js';
import { type JobProcess, Launcher } from './launcher.js';
import { type Permits, probePermits } from './permits.js';
import { ProcessAttempt } from './process-attempt.js';
import { seen } from './process-table.js';
import type { Programs } from './programs.js';
import { WarmKeepers } from './warm-keepers.js';

export interface ProcessSettings {
  /** Empty to jobs: the lab's own folders, its keys among them. */
  readonly hidden: readonly string[];
  /** Where the folders of jobs are. */
  readonly jobs: string;
  /** Where virtual environments are: what a job uses of it, it may read. */
  readonly environments: string;
  /** Most processes and threads of one job. */
  readonly processes: number;
}

const MEBIBYTE = 1_024 * 1_024;
/** The kernel's own folder of control groups: whoever may write there sets its own limits. */
const GROUPS_FOLDER = '/sys/fs/cgroup';

export class ProcessExecutor implements Executor {
  readonly kind = 'process';
  #permits: Promise<Permits> | undefined;
  #keepers: WarmKeepers | undefined;

  constructor(private readonly settings: ProcessSettings) {}

  async probe(): Promise<ExecutorReport> {
    const { namespaces, groups, notes } = await this.#probed();
    return {
      kind: 'process',
      version: `Linux ${release()}`,
      enforced: {
        cpus: groups.cpu === undefined ? 'share' : 'cgroup',
        memory: groups.memory === undefined ? 'watchdog' : 'cgroup',
        processes:
          groups.pids !== undefined ? 'cgroup' : this.#isLimitedByUser(namespaces.user) ? 'rlimit' : 'watchdog',
        disk: 'watchdog',
        network: namespaces.net ? 'namespace' : 'none',
        wallTime: 'lab',
      },
      notes: [...notes],
    };
  }

  async refuse({ network, image, resources }: Pick<JobSpec, 'network' | 'image' | 'resources'>): Promise<void> {
    const { namespaces } = await this.#probed();
    if (image !== undefined)
      throw new AppError(
        'invalid_input',
        'Cannot run an image as a process: choose the executor container, or leave image out.',
      );
    if (!network && !namespaces.net)
      throw new AppError(
        'unavailable',
        'Cannot keep this job from the network: the machine permits no network namespaces. Submit it with network: true, or with the executor container.',
      );
    if (resources.gpus < 0) throw new AppError('invalid_input', 'Cannot give a job fewer than no GPUs.');
  }

  async start(attempt: AttemptToRun): Promise<RunningAttempt> {
    const permits = await this.#probed();
    const { folder, environment, spec } = attempt;
    assertCommand(attempt);
    mkdirSync(join(folder, '.tmp'), { recursive: true });
    const mark = jobMark(attempt);
    const env = { ...environment, CUDA_VISIBLE_DEVICES: attempt.gpus.join(','), [MARK_VARIABLE]: mark };
    // A job that may use the network keeps the worker's.
    const namespaces = { ...permits.namespaces, net: permits.namespaces.net && !spec.network };
    // First: the group is made in one go, and the keeper mounts meanwhile.
    const entering = this.#keeper(permits.programs, namespaces, attempt);
    const making = [this.#group(permits, attempt), entering] as const;
    let group: ControlGroup | undefined;
    let keeper: Keeper | undefined;
    try {
      // Both are waited for: what was made is taken back where the other can't be.
      const [made, begunKeeper] = await Promise.allSettled(making);
      [group, keeper] = [settledValue(made), settledValue(begunKeeper)];
      await Promise.all(making);
      const command = commandLine({
        programs: permits.programs,
        namespaces,
        keeper,
        isRoot: process.getuid?.() === 0,
        fileBytes: spec.resources.diskMb * MEBIBYTE,
        processes:
          permits.groups.pids === undefined && this.#isLimitedByUser(keeper !== undefined && permits.namespaces.user)
            ? this.settings.processes
            : undefined,
        command: attempt.command,
      });
      const ahead = keeper?.launcher;
      const launcher = ahead === undefined || ahead.isGone ? launcherOf(permits.programs) : ahead;
      const child = await launcher.become({ command, folder, environment: env, joins: group?.joins ?? [] });
      const running = this.#running({ attempt, permits, child, keeper, group });
      if (keeper !== undefined) void running.ended.then(() => this.#keepers?.ready(namespaces));
      return running;
    } catch (error) {
      await keeper?.end();
      await group?.remove();
      throw error instanceof AppError
        ? error
        : new AppError('invalid_input', `Cannot start the job: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Processes end with their worker: there is nothing to take up. */
  async adopt(): Promise<undefined> {
    return undefined;
  }

  async reap(attempt: Pick<AttemptToRun, 'jobId' | 'number'>): Promise<void> {
    const { groups } = await this.#probed();
    const mark = jobMark(attempt);
    const group = new ControlGroup(groups, groupName(mark));
    await endProcesses({ belonging: { mark, roots: [] }, group });
    await group.remove();
  }

  async close(): Promise<void> {
    await this.#keepers?.close();
  }

  #running({ attempt, permits, child, keeper, group }: Parts): ProcessAttempt {
    const { pid = 0 } = child;
    const { groups, namespaces } = permits;
    const mark = jobMark(attempt);
    return new ProcessAttempt({
      child,
      keeper,
      group,
      log: attempt.log,
      handle: `process ${pid}, begun at ${seen(pid)?.birth ?? 0}`,
      watched: {
        bounds: { memoryBytes: attempt.spec.resources.memoryMb * MEBIBYTE, processes: this.settings.processes },
        belonging: { mark, roots: [pid], keeper: namespaces.pid ? keeper?.pid : undefined },
        gpus: attempt.gpus.length,
        group:
          group === undefined
            ? undefined
            : {
                of: group,
                memory: groups.memory !== undefined,
                pids: groups.pids !== undefined,
                cpu: groups.cpuacct !== undefined,
              },
      },
    });
  }

  async #group({ groups }: Permits, attempt: AttemptToRun): Promise<ControlGroup | undefined> {
    if (groups.memory === undefined && groups.pids === undefined && groups.cpu === undefined) return undefined;
    const { memoryMb, cpus } = attempt.spec.resources;
    return makeGroup(groups, groupName(jobMark(attempt)), {
      memoryBytes: memoryMb * MEBIBYTE,
      cpuMilli: Math.round(cpus * 1_000),
      processes: this.settings.processes,
    });
  }

  async #keeper(programs: Programs, separate: Namespaces, attempt: AttemptToRun): Promise<Keeper | undefined> {
    if (!separate.pid && !separate.net) return undefined;
    const { environments, jobs, hidden } = this.settings;
    this.#keepers ??= new WarmKeepers({
      start: (namespaces, places) => startKeeper(programs, namespaces, places, () => launcherOf(programs)),
      places: { jobs, environments, hidden: [...hidden, ...(process.getuid?.() === 0 ? [GROUPS_FOLDER] : [])] },
    });
    const { VIRTUAL_ENV: used } = attempt.environment;
    const readable = used?.startsWith(`${environments}/`) === true ? used : undefined;
    return this.#keepers.take(separate, { folder: attempt.folder, readable });
  }

  /** In a user namespace of its own, the kernel counts a user's processes from zero; but for root. */
  #isLimitedByUser(hasUserNamespace: boolean): boolean {
    return hasUserNamespace && process.getuid?.() !== 0;
  }

  #probed(): Promise<Permits> {
    this.#permits ??= probePermits();
    return this.#permits;
  }
}

interface Parts {
  readonly attempt: AttemptToRun;
  readonly permits: Permits;
  readonly child: JobProcess;
  readonly keeper: Keeper | undefined;
  readonly group: ControlGroup | undefined;
}

const settledValue = <T>(settled: PromiseSettledResult<T>): T | undefined =>
  settled.status === 'fulfilled' ? settled.value : undefined;
const groupName = (mark: string): string => `labmesh-${mark}`;
const launcherOf = ({ sh = 'sh' }: Programs): Launcher => new Launcher(sh);
