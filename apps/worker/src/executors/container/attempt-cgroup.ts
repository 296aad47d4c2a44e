// A control group (version 1) around an attempt's container, where the engine is on this machine and lets its worker make one: it
// outlives the container, so that what a job used, and whether its memory was full, can be read when the engine has cleaned up.
// With version 2 engines say themselves that memory ran out.
import { mkdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Usage } from '@labmesh/jobs';

const ROOT = '/sys/fs/cgroup';
const OURS = 'labmesh';

export type Used = Pick<Usage, 'cpuMs' | 'memoryBytes' | 'memoryPeakBytes'>;

export class AttemptCgroup {
  private constructor(
    /** As the engine wants it: CgroupParent. */
    readonly parent: string,
  ) {}

  /** Undefined where this process may not. */
  static async make(mark: string): Promise<AttemptCgroup | undefined> {
    const group = new AttemptCgroup(`/${OURS}/${mark}`);
    try {
      for (const folder of group.#folders()) await mkdir(folder, { recursive: true });
      return group;
    } catch {
      await group.remove();
      return undefined;
    }
  }

  /** The one that an earlier worker made, if it did. */
  static async find(mark: string): Promise<AttemptCgroup | undefined> {
    const group = new AttemptCgroup(`/${OURS}/${mark}`);
    return (await group.used().catch(() => undefined)) && group;
  }

  async used(): Promise<Used> {
    const [memory, cpu] = this.#folders();
    const number = async (folder: string, file: string): Promise<number> =>
      Number(await readFile(join(folder, file), 'utf8'));
    return {
      cpuMs: Math.round((await number(cpu, 'cpuacct.usage')) / 1e6),
      memoryBytes: await number(memory, 'memory.usage_in_bytes'),
      memoryPeakBytes: await number(memory, 'memory.max_usage_in_bytes'),
    };
  }

  /** Call when the container is gone. What the engine made below for itself goes too, as soon as its monitor has ended. */
  async remove(): Promise<void> {
    for (const controller of CONTROLLERS) {
      const folder = join(ROOT, controller, this.parent);
      for (let tries = 0; tries < 40 && !(await removed(folder)); tries += 1) await pause(50);
    }
  }

  #folders(): [memory: string, cpu: string] {
    return [join(ROOT, 'memory', this.parent), join(ROOT, 'cpuacct', this.parent)];
  }
}

async function removed(folder: string): Promise<boolean> {
  await rmdir(join(folder, 'conmon')).catch(() => undefined);
  return rmdir(folder).then(
    () => true,
    (cause: NodeJS.ErrnoException) => cause.code === 'ENOENT',
  );
}

const CONTROLLERS = ['memory', 'cpuacct', 'cpu', 'cpuset', 'devices', 'freezer', 'pids', 'blkio', 'systemd', 'unified'];
