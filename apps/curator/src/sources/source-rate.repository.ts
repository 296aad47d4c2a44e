// Rate limits of sources, kept for all replicas in the database: each request is a row that counts until its time is over.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import type { Rate } from './source-client.js';

export interface RateSpan {
  readonly requests: number;
  /** Milliseconds. */
  readonly per: number;
}

@Injectable()
export class SourceRateRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The limits of what is asked under this name: a key, or a source without one. */
  of(name: string, spans: readonly RateSpan[]): Rate {
    const { pool } = this.database;
    const ask = async (sql: string, values: unknown[]): Promise<number> => {
      const { rows } = await pool.query<{ wait: string }>(sql, values);
      return Math.ceil(Number(rows[0]?.wait ?? 0));
    };
    const limits = [spans.map(({ requests }) => requests), spans.map(({ per }) => per)];
    return {
      take: () => ask('SELECT "curator".take_request($1, $2::int[], $3::float8[]) AS wait', [name, ...limits]),
      pause: (ms) =>
        ask('SELECT "curator".pause_requests($1, $2::float8, $3::float8) AS wait', [
          name,
          ms ?? null,
          spans[0]?.per ?? null,
        ]),
    };
  }
}
