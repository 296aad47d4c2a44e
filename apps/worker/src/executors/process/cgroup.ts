// A control group for each attempt, version 1 or 2, as this machine has them mounted: its limits, what it used, who is in it.
// It knows the kernel's files and nothing of jobs. They are in memory: making a group waits for no disk, and so it is done in one go.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface GroupLimits {
  readonly memoryBytes: number;
  readonly cpuMilli: number;
  readonly processes: number;
}

export interface GroupUsage {
  readonly cpuMs: number;
  readonly memoryBytes: number;
  /** The kernel's own figure: what files it has cached for the group counts. */
  readonly memoryPeakBytes: number;
  /** How often the kernel ended a process of it for want of memory, and refused it a new one. */
  readonly memoryKills: number;
  readonly refusedForks: number;
}

/** Which of the group's controllers are to be had here, and in which folders; those of version 1 may be several. */
export interface GroupPlaces {
  readonly version: 1 | 2;
  readonly memory?: string | undefined;
  readonly pids?: string | undefined;
  readonly cpu?: string | undefined;
  readonly cpuacct?: string | undefined;
}

const CONTROLLERS = ['memory', 'pids', 'cpu', 'cpuacct'] as const;
const PERIOD_US = 100_000;
const NANOSECONDS_PER_MS = 1_000_000;
const REMOVE_TRIES = 50;
const REMOVE_PAUSE_MS = 10;

/** Where groups of this process's own may be made, as far as the mounts say; whether it is permitted shows when one is made. */
export function groupPlaces(mountInfo = read('/proc/self/mountinfo'), own = read('/proc/self/cgroup')): GroupPlaces {
  const ownPaths = new Map(
    own
      .split('\n')
      .map((line) => line.split(':'))
      .map(([, names = '', path = '']) => [names, path]),
  );
  const mounts = mountInfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [kind, , options = ''] = after.split(' ');
    const at = before.split(' ')[4];
    return at !== undefined && (kind === 'cgroup' || kind === 'cgroup2')
      ? [{ kind, at, options: options.split(',') }]
      : [];
  });
  const placeOf = (at: string, path: string): string => (existsSync(join(at, path)) ? join(at, path) : at);
  const v1 = Object.fromEntries(
    CONTROLLERS.flatMap((name) => {
      const mount = mounts.find(({ kind, options }) => kind === 'cgroup' && options.includes(name));
      const path = [...ownPaths].find(([names]) => names.split(',').includes(name))?.[1] ?? '/';
      return mount === undefined ? [] : [[name, placeOf(mount.at, path)]];
    }),
  );
  if (v1.memory !== undefined || v1.pids !== undefined) return { version: 1, ...v1 };
  const unified = mounts.find(({ kind }) => kind === 'cgroup2');
  if (unified === undefined) return { version: 1 };
  const folder = placeOf(unified.at, ownPaths.get('') ?? '/');
  const has = new Set(read(join(folder, 'cgroup.subtree_control')).trim().split(' '));
  return {
    version: 2,
    ...Object.fromEntries(['memory', 'pids', 'cpu'].filter((name) => has.has(name)).map((name) => [name, folder])),
    ...(has.has('cpu') ? { cpuacct: folder } : {}),
  };
}

/** Throws what the kernel says, when it isn't permitted. Nothing of it is left then. */
export async function makeGroup(places: GroupPlaces, name: string, limits: GroupLimits): Promise<ControlGroup> {
  const group = new ControlGroup(places, name);
  try {
    group.make(limits);
    return group;
  } catch (error) {
    await group.remove();
    throw error;
  }
}

export class ControlGroup {
  constructor(
    private readonly places: GroupPlaces,
    private readonly name: string,
  ) {}

  /** Whoever writes its process id into each of them is in the group. */
  get joins(): string[] {
    return this.#folders.map((folder) => join(folder, 'cgroup.procs'));
  }

  make({ memoryBytes, cpuMilli, processes }: GroupLimits): void {
    for (const folder of this.#folders) mkdirSync(folder, { recursive: true });
    const quota = Math.max(1_000, Math.round((cpuMilli * PERIOD_US) / 1_000));
    this.#set('pids', 'pids.max', String(processes));
    if (this.places.version === 1) {
      this.#set('memory', 'memory.limit_in_bytes', String(memoryBytes));
      this.#wish('memory', 'memory.memsw.limit_in_bytes', String(memoryBytes));
      this.#set('cpu', 'cpu.cfs_period_us', String(PERIOD_US));
      this.#set('cpu', 'cpu.cfs_quota_us', String(quota));
      return;
    }
    this.#set('memory', 'memory.max', String(memoryBytes));
    this.#wish('memory', 'memory.swap.max', '0');
    this.#wish('memory', 'memory.oom.group', '1');
    this.#set('cpu', 'cpu.max', `${quota} ${PERIOD_US}`);
  }

  /** Process ids in it now. */
  async members(): Promise<number[]> {
    const all = await Promise.all(this.joins.map((file) => readFile(file, 'utf8').catch(() => '')));
    return [
      ...new Set(
        all.flatMap((text) =>
          text
            .split('\n')
            .filter((line) => line !== '')
            .map(Number),
        ),
      ),
    ];
  }

  async usage(): Promise<GroupUsage> {
    const isFirst = this.places.version === 1;
    const [cpu, memory, peak, kills, forks] = await Promise.all([
      this.#get('cpuacct', isFirst ? 'cpuacct.usage' : 'cpu.stat'),
      this.#get('memory', isFirst ? 'memory.usage_in_bytes' : 'memory.current'),
      this.#get('memory', isFirst ? 'memory.max_usage_in_bytes' : 'memory.peak'),
      this.#get('memory', isFirst ? 'memory.oom_control' : 'memory.events'),
      this.#get('pids', 'pids.events'),
    ]);
    return {
      cpuMs: isFirst ? Number(cpu) / NANOSECONDS_PER_MS : field(cpu, 'usage_usec') / 1_000,
      memoryBytes: Number(memory),
      memoryPeakBytes: Math.max(Number(peak), Number(memory)),
      memoryKills: field(kills, 'oom_kill'),
      refusedForks: field(forks, 'max'),
    };
  }

  /** A group goes only once nobody is in it, which the kernel may notice a little late. */
  async remove(): Promise<void> {
    for (const folder of this.#folders)
      for (let tries = 0; tries < REMOVE_TRIES; tries += 1) {
        const code = await rmdir(folder).then(
          () => undefined,
          (error: NodeJS.ErrnoException) => error.code,
        );
        if (code !== 'EBUSY') break;
        await new Promise((resolve) => setTimeout(resolve, REMOVE_PAUSE_MS));
      }
  }

  get #folders(): string[] {
    const kinds = CONTROLLERS.flatMap((kind) => this.places[kind] ?? []);
    return [...new Set(kinds)].map((folder) => join(folder, this.name));
  }

  #set(kind: (typeof CONTROLLERS)[number], file: string, value: string): void {
    const folder = this.places[kind];
    if (folder !== undefined) writeFileSync(join(folder, this.name, file), value);
  }

  /** Where the kernel has it. */
  #wish(kind: (typeof CONTROLLERS)[number], file: string, value: string): void {
    try {
      this.#set(kind, file, value);
    } catch {
      // It goes without.
    }
  }

  async #get(kind: (typeof CONTROLLERS)[number], file: string): Promise<string> {
    const folder = this.places[kind];
    return folder === undefined ? '0' : readFile(join(folder, this.name, file), 'utf8').catch(() => '0');
  }
}

const field = (text: string, name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
