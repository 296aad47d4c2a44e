// Looks at a running attempt a few times a second: what it uses, and whether that is more than it may. It ends nothing itself.
import type { Usage } from '@labmesh/jobs';
import type { ControlGroup } from './cgroup.js';
import { type Belonging, belonging, type SeenProcess, shareOfMemory } from './process-table.js';

export interface Bounds {
  readonly memoryBytes: number;
  readonly processes: number;
}

export interface Watched {
  readonly bounds: Bounds;
  readonly belonging: Belonging;
  readonly gpus: number;
  /** With what this machine permits of it. */
  readonly group?:
    | { readonly of: ControlGroup; readonly memory: boolean; readonly pids: boolean; readonly cpu: boolean }
    | undefined;
}

export type Excess = 'memory' | 'processes';

const LOOK_EVERY_MS = 250;
/** Its first process, which has ended by then, and what put it into its namespaces count for the system's limit, too. */
const UNSEEN_PROCESSES = 4;

export class Watch {
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  #cpuMs = 0;
  #memoryBytes = 0;
  #memoryPeakBytes = 0;
  #processes = 0;
  readonly #begun = performance.now();

  /** @param exceeded told once for each look that finds too much, with a text for people */
  constructor(
    private readonly watched: Watched,
    private readonly exceeded: (what: Excess, text: string) => void,
  ) {}

  begin(): void {
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async usage(): Promise<Usage> {
    await this.#measure();
    return {
      cpuMs: Math.round(this.#cpuMs),
      gpuMs: Math.round((performance.now() - this.#begun) * this.watched.gpus),
      memoryBytes: this.#memoryBytes,
      memoryPeakBytes: this.#memoryPeakBytes,
    };
  }

  /** What the kernel did to it by itself, asked when it has ended. */
  async kernelSaid(): Promise<{ readonly memoryKills: number; readonly refusedForks: number }> {
    return (await this.watched.group?.of.usage()) ?? { memoryKills: 0, refusedForks: 0 };
  }

  /** Where only the system's limit holds it to its processes, which tells nobody: whether it had them all when it was last looked at. */
  get hadAllProcesses(): boolean {
    return this.#processes >= this.watched.bounds.processes - UNSEEN_PROCESSES;
  }

  async #look(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.#measure();
    } finally {
      this.#busy = false;
    }
  }

  async #measure(): Promise<void> {
    const { group, bounds } = this.watched;
    const told = await group?.of.usage();
    if (told !== undefined && group?.cpu === true) this.#cpuMs = told.cpuMs;
    if (told !== undefined && group?.memory === true) {
      this.#memoryBytes = told.memoryBytes;
      this.#memoryPeakBytes = Math.max(this.#memoryPeakBytes, told.memoryPeakBytes);
      if (told.memoryKills > 0) this.exceeded('memory', tooMuchMemory(bounds.memoryBytes));
    }
    if (group?.memory !== true || !group.cpu || !group.pids) this.#measureProcesses(group);
  }

  /** For what no control group tells. */
  #measureProcesses(group: Watched['group']): void {
    const { bounds } = this.watched;
    const all = belonging(this.watched.belonging);
    if (group?.cpu !== true)
      this.#cpuMs = Math.max(
        this.#cpuMs,
        all.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      );
    this.#processes = all.length;
    if (all.length > bounds.processes)
      this.exceeded('processes', `It had ${all.length} processes; a job may have ${bounds.processes}.`);
    if (group?.memory === true) return;
    this.#memoryBytes = memoryOf(all, bounds.memoryBytes);
    this.#memoryPeakBytes = Math.max(this.#memoryPeakBytes, this.#memoryBytes);
    if (this.#memoryBytes > bounds.memoryBytes) this.exceeded('memory', tooMuchMemory(bounds.memoryBytes));
  }
}

/** Together. What they share is counted for each of them as long as that is within the bound: it costs less, and changes nothing. */
function memoryOf(all: readonly SeenProcess[], boundBytes: number): number {
  const bytes = all.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
  return bytes <= boundBytes
    ? bytes
    : all.reduce((sum, { pid, residentBytes }) => sum + (shareOfMemory(pid) ?? residentBytes), 0);
}

const MEBIBYTE = 1_024 * 1_024;
const tooMuchMemory = (bytes: number): string =>
  `It wanted more than the ${Math.round(bytes / MEBIBYTE)} MiB of memory that it asked for. Ask for more with resources.memoryMb.`;
