// The figures of the machine this process runs on. A figure that cannot be read is reported as nothing, and logged.

import { type GpuFigures, measureGpus } from '@labmesh/jobs';
import { type DiskFigures, LAB_CONFIG, type LabConfig, LOGGER, type Logger, measureDisk } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { within } from '../health/check.js';
import { type CpuFigures, CpuWatch } from './cpu.js';
import { type MemoryFigures, measureMemory } from './memory.js';

/** A network file system that hangs must not hang the health check. */
const DISK_TIMEOUT_MS = 1_500;

export interface MachineFigures {
  readonly cpu: CpuFigures;
  readonly memory: MemoryFigures;
  readonly disk: DiskFigures;
  readonly gpus: GpuFigures[];
}

@Injectable()
export class Machine implements OnModuleDestroy {
  readonly #cpu = new CpuWatch();

  constructor(
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'home'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** Never rejects. */
  async measure(): Promise<MachineFigures> {
    const { home } = this.config;
    const [memory, disk, gpus] = await Promise.all([
      measureMemory(),
      within(DISK_TIMEOUT_MS, () => measureDisk(home)).catch((error: unknown) =>
        this.#unknown('disk', error, { path: home, totalBytes: 0, availableBytes: 0 }),
      ),
      measureGpus().catch((error: unknown) => this.#unknown('gpus', error, [] as GpuFigures[])),
    ]);
    return { cpu: this.#cpu.figures(), memory, disk, gpus };
  }

  onModuleDestroy(): void {
    this.#cpu.stop();
  }

  #unknown<T>(what: string, error: unknown, nothing: T): T {
    this.log.warn({ err: error, what }, 'cannot be read');
    return nothing;
  }
}
