// Ends of jobs are events that the statements of their ends wrote. They leave sooner when somebody says so here.
import { DATABASE, type Database, Outbox } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

@Injectable()
export class ToldEnds {
  /** Whether other processes may write to the same rows. */
  readonly shared: boolean;

  constructor(
    @Inject(DATABASE) database: Pick<Database, 'kind'>,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {
    this.shared = database.kind === 'postgres';
  }

  /** Never waits and never throws. */
  poke(): void {
    this.outbox.poke();
  }
}
