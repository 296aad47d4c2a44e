// What the two kinds of database have in common once they are open. Knows neither.
import type pg from 'pg';

/** A pool and what must happen after its last client is gone. */
export interface OpenedPool {
  readonly pool: pg.Pool;
  readonly release: () => Promise<void>;
}
