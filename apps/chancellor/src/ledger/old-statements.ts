// Lets go of statements that were made files and are too old, now and then. Nothing waits for it: a link is good for a day, swept or not.
import { RecurringWork } from '@labmesh/runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { StatementFiles } from './statement-files.repository.js';

const REST_MS = 60 * 60_000;

@Injectable()
export class OldStatements implements OnApplicationBootstrap, OnModuleDestroy {
  // A database that is away is somebody else's to report; the next round finds what this one left.
  readonly #work: RecurringWork;

  constructor(@Inject(StatementFiles) files: Pick<StatementFiles, 'sweep'>) {
    this.#work = new RecurringWork(
      () => files.sweep(),
      REST_MS,
      () => undefined,
    );
  }

  onApplicationBootstrap(): void {
    this.#work.begin();
  }

  onModuleDestroy(): Promise<void> {
    return this.#work.stop();
  }
}
