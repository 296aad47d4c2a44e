// What the lab knows of its sources: which there are, their keys (sealed), how far each stream is fetched, who fetches it now, and
// the rows so far. The database's clock counts, no replica's own.
import { AppError } from '@labmesh/contracts';
import { DATABASE, type Database, poolTransaction } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { Bookmark } from './bookmark.js';
import type { KeyedRow, Stage } from './stream-run.js';

export interface Slice {
  readonly id: string;
  readonly source: string;
  readonly stream: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly datasetId: string;
  readonly bookmark: Bookmark;
  readonly fetchedAt: Date | null;
  readonly refreshAt: Date | null;
  readonly failure: string | null;
  readonly failedAt: Date | null;
  readonly goneAt: Date | null;
  /** True while somebody fetches it. */
  readonly busy: boolean;
}

interface SliceRow extends Omit<Slice, 'bookmark'> {
  readonly bookmark: unknown;
}

const FIELDS = `id, source, stream, parameters, dataset_id AS "datasetId", bookmark, fetched_at AS "fetchedAt",
  refresh_at AS "refreshAt", failure, failed_at AS "failedAt", gone_at AS "goneAt",
  (holder IS NOT NULL AND held_until > clock_timestamp()) AS "busy"`;

const FREE = `(holder IS NULL OR held_until <= clock_timestamp())`;

const STORE = `WITH held AS (
    UPDATE "curator"."source_slices" SET bookmark = $3::json, held_until = clock_timestamp() + $4::int * interval '1 millisecond'
    WHERE id = $1 AND holder = $2 AND held_until > clock_timestamp() RETURNING id
  ), put AS (
    INSERT INTO "curator"."source_rows" (slice, key, position, seen, row)
    SELECT held.id, item.key, $7::bigint + item.ord - 1, $8::int, item.row
    FROM held, unnest($5::text[], $6::text[]) WITH ORDINALITY AS item (key, row, ord)
    ON CONFLICT (slice, key) DO UPDATE SET seen = EXCLUDED.seen, row = EXCLUDED.row,
      position = CASE WHEN $9::boolean THEN EXCLUDED.position ELSE "source_rows".position END
  )
  SELECT count(*)::int AS held FROM held`;

export interface Ending {
  readonly bookmark: Bookmark;
  /** Milliseconds until it is fetched again by itself; null: when asked. */
  readonly refreshMs: number | null;
}

@Injectable()
export class SourceStateRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The slice, made when it is not there. */
  async slice(made: Pick<Slice, 'id' | 'source' | 'stream' | 'parameters' | 'datasetId'>): Promise<Slice> {
    await this.database.pool.query(
      `INSERT INTO "curator"."source_slices" (id, source, stream, parameters, dataset_id, bookmark)
       VALUES ($1, $2, $3, $4::json, $5, '{"seen":0,"position":0}') ON CONFLICT DO NOTHING`,
      [made.id, made.source, made.stream, JSON.stringify(made.parameters), made.datasetId],
    );
    const found = await this.find(made.id);
    if (found === undefined) throw new AppError('conflict', 'Cannot fetch: the source was removed at this moment.');
    return found;
  }

  async find(id: string): Promise<Slice | undefined> {
    return (await this.#slices('WHERE id = $1', [id]))[0];
  }

  /** Of one source, or of all. */
  slices(source?: string): Promise<Slice[]> {
    return source === undefined
      ? this.#slices('ORDER BY id', [])
      : this.#slices('WHERE source = $1 ORDER BY id', [source]);
  }

  slicesOf(datasetIds: readonly string[]): Promise<Slice[]> {
    return this.#slices('WHERE dataset_id = ANY ($1::text[])', [datasetIds]);
  }

  /** Those whose time has come, and that nobody fetches. */
  due(limit: number): Promise<Slice[]> {
    return this.#slices(
      `WHERE refresh_at <= clock_timestamp() AND gone_at IS NULL AND ${FREE} ORDER BY refresh_at LIMIT $1`,
      [limit],
    );
  }

  /** Whether its time has come still: another replica may have fetched it since. */
  async isDue(id: string): Promise<boolean> {
    return (
      (await this.#slices('WHERE id = $1 AND refresh_at <= clock_timestamp() AND gone_at IS NULL', [id])).length > 0
    );
  }

  /** The slice as it is now, when this holder has it: it was free, or its own. */
  async take(id: string, holder: string, leaseMs: number): Promise<Slice | undefined> {
    const { rows } = await this.database.pool.query<SliceRow>(
      `UPDATE "curator"."source_slices" SET holder = $2, held_until = clock_timestamp() + $3::int * interval '1 millisecond'
       WHERE id = $1 AND (holder = $2 OR ${FREE}) RETURNING ${FIELDS}`,
      [id, holder, leaseMs],
    );
    return rows.map(sliceOf)[0];
  }

  /** False when the slice went to another. */
  async renew(id: string, holder: string, leaseMs: number): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      `UPDATE "curator"."source_slices" SET held_until = clock_timestamp() + $3::int * interval '1 millisecond'
       WHERE id = $1 AND holder = $2 AND held_until > clock_timestamp()`,
      [id, holder, leaseMs],
    );
    return rowCount === 1;
  }

  async release(id: string, holder: string): Promise<void> {
    await this.database.pool.query(
      `UPDATE "curator"."source_slices" SET holder = NULL, held_until = NULL WHERE id = $1 AND holder = $2`,
      [id, holder],
    );
  }

  /** Rows and bookmark of a slice, for who holds it. */
  stage(id: string, holder: string, leaseMs: number): Stage {
    const { pool } = this.database;
    return {
      async known(keys) {
        const { rows } = await pool.query<{ key: string; seen: number; row: string }>(
          `SELECT key, seen, row FROM "curator"."source_rows" WHERE slice = $1 AND key = ANY ($2::text[])`,
          [id, keys],
        );
        return new Map(rows.map(({ key, seen, row }) => [key, { seen, text: row }]));
      },
      async store({ rows, seen, from, reorder }, bookmark) {
        const [keys, texts] = [rows.map(({ key }: KeyedRow) => key), rows.map(({ text }: KeyedRow) => text)];
        const values = [id, holder, JSON.stringify(bookmark), leaseMs, keys, texts, from, seen, reorder];
        const stored = await pool.query<{ held: number }>(STORE, values);
        if (stored.rows[0]?.held !== 1) throw taken();
      },
      forget: (seen, after) => this.#forget({ id, holder }, seen, after),
    };
  }

  /** All is fetched, and the dataset is written. */
  async finish(id: string, holder: string, { bookmark, refreshMs }: Ending): Promise<void> {
    const { rowCount } = await this.database.pool.query(
      `UPDATE "curator"."source_slices" SET bookmark = $3::json, fetched_at = clock_timestamp(), failure = NULL, failed_at = NULL,
         gone_at = NULL, refresh_at = clock_timestamp() + $4::float8 * interval '1 millisecond'
       WHERE id = $1 AND holder = $2`,
      [id, holder, JSON.stringify(bookmark), refreshMs],
    );
    if (rowCount !== 1) throw taken();
  }

  /** All is fetched, and not taken. True when this is news. */
  async withhold(id: string, holder: string, { bookmark, refreshMs, failure }: Ending & { failure: string }) {
    const { rows } = await this.database.pool.query<{ news: boolean }>(
      `UPDATE "curator"."source_slices" AS now SET bookmark = $3::json, failure = $4, failed_at = clock_timestamp(), gone_at = NULL,
         refresh_at = clock_timestamp() + $5::float8 * interval '1 millisecond'
       FROM "curator"."source_slices" AS old WHERE now.id = $1 AND now.holder = $2 AND old.id = now.id
       RETURNING old.failure IS DISTINCT FROM now.failure AS news`,
      [id, holder, JSON.stringify(bookmark), failure.slice(0, 2_000), refreshMs],
    );
    if (rows[0] === undefined) throw taken();
    return rows[0].news;
  }

  /** Keeps why it failed, and when it is tried again. True when this is news: it was not gone before. */
  async fail(
    id: string,
    failure: string,
    { retryMs, gone }: { retryMs: number | null; gone: boolean },
  ): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ news: boolean }>(
      `UPDATE "curator"."source_slices" AS now SET failure = $2, failed_at = clock_timestamp(),
         gone_at = CASE WHEN $4::boolean THEN coalesce(now.gone_at, clock_timestamp()) END,
         refresh_at = CASE WHEN now.refresh_at IS NULL AND now.fetched_at IS NULL THEN NULL
           ELSE clock_timestamp() + $3::float8 * interval '1 millisecond' END
       FROM "curator"."source_slices" AS old WHERE now.id = $1 AND old.id = now.id RETURNING old.gone_at IS NULL AS news`,
      [id, failure.slice(0, 2_000), retryMs, gone],
    );
    return rows[0]?.news === true;
  }

  /** The rows as JSON texts in their order, after the place of the last one. */
  async rows(
    id: string,
    after: { position: bigint; key: string },
    limit: number,
  ): Promise<Array<{ position: bigint; key: string; row: string }>> {
    const { rows } = await this.database.pool.query<{ place: string; key: string; row: string }>(
      `SELECT position::text AS place, key, row FROM "curator"."source_rows"
       WHERE slice = $1 AND (position, key) > ($2::bigint, $3) ORDER BY position, key LIMIT $4`,
      [id, String(after.position), after.key, limit],
    );
    return rows.map(({ place, key, row }) => ({ position: BigInt(place), key, row }));
  }

  #forget(held: { id: string; holder: string }, seen: number, after: (removed: number) => Bookmark): Promise<Bookmark> {
    return poolTransaction(this.database, async (client) => {
      const { rowCount } = await client.query(`DELETE FROM "curator"."source_rows" WHERE slice = $1 AND seen < $2`, [
        held.id,
        seen,
      ]);
      const bookmark = after(rowCount ?? 0);
      const stored = await client.query(
        `UPDATE "curator"."source_slices" SET bookmark = $3::json WHERE id = $1 AND holder = $2 AND held_until > clock_timestamp()`,
        [held.id, held.holder, JSON.stringify(bookmark)],
      );
      if (stored.rowCount !== 1) throw taken();
      return bookmark;
    });
  }

  async #slices(where: string, values: unknown[]): Promise<Slice[]> {
    const { rows } = await this.database.pool.query<SliceRow>(
      `SELECT ${FIELDS} FROM "curator"."source_slices" ${where}`,
      values,
    );
    return rows.map(sliceOf);
  }
}

const sliceOf = (row: SliceRow): Slice => ({ ...row, bookmark: Bookmark.parse(row.bookmark) });

const taken = (): AppError =>
  new AppError('conflict', 'Gave up the fetch: another replica took it over, since this one did not go on in time.');
