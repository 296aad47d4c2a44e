// The worker's settings, read once. The only reader of the environment here.
import { availableParallelism, hostname, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { EXECUTORS, type ExecutorKind, JOB_LIMITS, NodeId } from '@labmesh/contracts';
import { type LabConfig, readSettings, setting } from '@labmesh/runtime/config';
import { z } from 'zod';
import { ENGINE_SETTINGS, type Engines, engineSettings } from './executors/engine-settings.js';

export const WORKER_CONFIG = Symbol('WORKER_CONFIG');

export interface WorkerConfig {
  readonly node: string;
  /** None: this process runs no jobs. */
  readonly executors: readonly ExecutorKind[];
  readonly engines: Engines;
  readonly cpuMilli: number;
  readonly memoryMb: number;
  /** Undefined: as many as the machine has. */
  readonly gpus: number | undefined;
  readonly leaseMs: number;
  readonly idleLeaseMs: number;
  readonly drainGraceMs: number;
  readonly checkpointEveryMs: number;
  /** Absolute: where jobs have their folders, and where virtual environments are. */
  readonly jobsFolder: string;
  readonly environmentsFolder: string;
  readonly environmentsKept: number;
  /** Folders that are empty to jobs. */
  readonly hidden: readonly string[];
  readonly processes: number;
  readonly logBytesMax: number;
  readonly python: string;
  /** Where the worker finds its own programs. */
  readonly path: string;
  /** What installers of packages are told: where they come from, proxies. */
  readonly installerVariables: Readonly<Record<string, string>>;
}

const MEBIBYTE = 1_024 * 1_024;
/** The rest is the lab's own and the system's. */
const MEMORY_SHARE = 0.8;
const IDLE_LEASE_MS = 60_000;
const CHECKPOINT_EVERY_MS = 1_000;

const whole = (least: number, most: number) => z.coerce.number().pipe(z.int().min(least).max(most));

export const WORKER_SETTINGS = z.object({
  LABMESH_NODE: setting(NodeId.optional(), {
    without: 'the host’s name',
    description: 'What this machine is called among those that run jobs. Workers of one machine have the same.',
  }),
  LABMESH_WORKER_EXECUTORS: setting(
    z
      .string()
      .transform((text) => text.split(',').map((kind) => kind.trim()))
      .pipe(z.union([z.tuple([z.literal('none')]), z.array(z.enum(EXECUTORS)).min(1)]))
      .optional(),
    {
      without: '`process`',
      description:
        'How jobs run here, separated by commas: `process`, `container`, `slurm`, `kubernetes`; `none`: not at all ([worker.md](worker.md)).',
    },
  ),
  LABMESH_WORKER_CPUS: setting(z.coerce.number().min(0.1).max(JOB_LIMITS.cpus).optional(), {
    without: 'all',
    description: 'Processors that jobs may have here.',
  }),
  LABMESH_WORKER_MEMORY_MB: setting(whole(16, JOB_LIMITS.memoryMb).optional(), {
    without: 'four fifths of the machine’s',
    description: 'Memory that jobs may have here, MiB.',
  }),
  LABMESH_WORKER_GPUS: setting(whole(0, JOB_LIMITS.gpus).optional(), {
    without: 'as many as `nvidia-smi` tells of',
    description: 'GPUs that jobs may have here, from the first on.',
  }),
  LABMESH_WORKER_LEASE_SECONDS: setting(whole(1, 600).optional(), {
    without: '`10`',
    description: 'After so long without a word from a worker, what it ran begins elsewhere.',
  }),
  LABMESH_WORKER_DRAIN_SECONDS: setting(whole(0, 600).optional(), {
    without: '`5`',
    description: 'How long jobs may go on after SIGTERM when their worker stops.',
  }),
  LABMESH_WORKER_FOLDER: setting(z.string().optional(), {
    without: 'in `LABMESH_HOME`',
    description: 'Where jobs have their folders, and where virtual environments are kept. It needs room.',
  }),
  LABMESH_WORKER_ENVIRONMENTS: setting(whole(1, 10_000).optional(), {
    without: '`20`',
    description: 'Virtual environments that are kept; older ones go once nobody has used them for an hour.',
  }),
  LABMESH_WORKER_PROCESSES: setting(whole(8, 1_000_000).optional(), {
    without: '`2048`',
    description: 'Most processes and threads of one job.',
  }),
  LABMESH_WORKER_LOG_MB: setting(whole(1, 1_048_576).optional(), {
    without: '`1024`',
    description: 'Most that one attempt may write to its log, MiB.',
  }),
  LABMESH_WORKER_PYTHON: setting(z.string().optional(), {
    without: '`python3`',
    description: 'Python that virtual environments are made with.',
  }),
  ...ENGINE_SETTINGS,
});

const FOR_INSTALLERS = /^(PIP_|UV_|REQUESTS_CA_BUNDLE$|SSL_CERT_|(HTTPS?|NO|ALL)_PROXY$|(https?|no|all)_proxy$)/;

/** @throws AppError invalid_input naming each setting that is wrong. */
export function readWorkerConfig(
  lab: Pick<LabConfig, 'home' | 'natsUrl'>,
  env: NodeJS.ProcessEnv = process.env,
): WorkerConfig {
  const set = readSettings(WORKER_SETTINGS, env);
  const folder = resolve(set.LABMESH_WORKER_FOLDER ?? lab.home);
  const leaseMs = (set.LABMESH_WORKER_LEASE_SECONDS ?? 10) * 1_000;
  const executors = (set.LABMESH_WORKER_EXECUTORS ?? ['process']).filter((kind) => kind !== 'none');
  return Object.freeze({
    node: set.LABMESH_NODE ?? nodeName(hostname()),
    executors,
    engines: engineSettings(set, folder),
    cpuMilli: Math.round((set.LABMESH_WORKER_CPUS ?? availableParallelism()) * 1_000),
    memoryMb: set.LABMESH_WORKER_MEMORY_MB ?? Math.floor((machineBytes() * MEMORY_SHARE) / MEBIBYTE),
    gpus: set.LABMESH_WORKER_GPUS,
    leaseMs,
    // In one process nobody else could take its place: it need not be asked so often.
    idleLeaseMs: lab.natsUrl === undefined ? Math.max(leaseMs, IDLE_LEASE_MS) : leaseMs,
    drainGraceMs: (set.LABMESH_WORKER_DRAIN_SECONDS ?? 5) * 1_000,
    checkpointEveryMs: CHECKPOINT_EVERY_MS,
    jobsFolder: join(folder, 'jobs'),
    environmentsFolder: join(folder, 'environments'),
    environmentsKept: set.LABMESH_WORKER_ENVIRONMENTS ?? 20,
    hidden: [folder, lab.home, ...(env.NATS_NKEY_FILE ? [dirname(dirname(resolve(env.NATS_NKEY_FILE)))] : [])],
    processes: set.LABMESH_WORKER_PROCESSES ?? 2_048,
    logBytesMax: (set.LABMESH_WORKER_LOG_MB ?? 1_024) * MEBIBYTE,
    python: set.LABMESH_WORKER_PYTHON ?? 'python3',
    path: env.PATH ?? '',
    installerVariables: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) =>
        value !== undefined && FOR_INSTALLERS.test(name) ? [[name, value]] : [],
      ),
    ),
  });
}

/** What this process calls its node, before its settings were checked. */
export const ownNode = (env: NodeJS.ProcessEnv = process.env): string => env.LABMESH_NODE || nodeName(hostname());

/** A container's limit counts where there is one. */
function machineBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

function nodeName(host: string): string {
  return (
    host
      .toLowerCase()
      .replace(/[^a-z0-9.-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 63) || 'node'
  );
}
