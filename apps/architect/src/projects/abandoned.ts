// Takes back projects whose making was cut off by a kill: at the start, and now and then, since another replica may be the one that died.
import { Lifecycle, LOGGER, type Logger, outOfStep, RecurringWork } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ProjectFolders } from './project-folders.js';
import { ProjectMaking } from './project-making.js';
import { ProjectsRepository } from './projects.repository.js';

const EVERY_MS = 60_000;

@Injectable()
export class Abandoned implements OnModuleInit, OnModuleDestroy {
  readonly #work: RecurringWork;

  constructor(
    @Inject(ProjectsRepository) private readonly projects: ProjectsRepository,
    @Inject(ProjectMaking) private readonly making: ProjectMaking,
    @Inject(ProjectFolders) private readonly folders: ProjectFolders,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#work = new RecurringWork(
      () => this.#takeBack(false),
      () => outOfStep(EVERY_MS),
      (error) => this.#failed(error),
    );
  }

  async onModuleInit(): Promise<void> {
    await this.#takeBack(this.projects.alone).catch((error: unknown) => this.#failed(error));
    this.lifecycle.onServing(() => this.#work.begin());
  }

  async onModuleDestroy(): Promise<void> {
    await this.#work.stop();
  }

  /** @param all also those whose time is not over */
  async #takeBack(all: boolean): Promise<void> {
    await this.folders.tidy();
    const rows = await this.projects.abandoned(all);
    for (const row of rows) await this.making.takeBack(row);
    if (rows.length > 0) this.log.info({ count: rows.length }, 'took back projects whose making was cut off');
  }

  #failed(error: unknown): void {
    this.log.warn({ err: error }, 'could not take back projects whose making was cut off; it is tried again later');
  }
}
