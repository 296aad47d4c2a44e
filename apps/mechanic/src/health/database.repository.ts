// Asks the database whether it answers. It must never read or write a table: each belongs to another agent.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

@Injectable()
export class DatabaseRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'kind' | 'ping'>) {}

  get kind(): string {
    return this.database.kind;
  }

  /** Milliseconds one trivial query takes. @throws AppError unavailable */
  ping(): Promise<number> {
    return this.database.ping();
  }
}
