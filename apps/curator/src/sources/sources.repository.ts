// Sources that the operator added or removed, and keys of sources as the Sentinel sealed them. No key is here in the clear.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface AddedSource {
  readonly name: string;
  /** Null: one that comes with the lab and was removed. */
  readonly manifest: string | null;
  readonly addedBy: string;
  readonly addedAt: Date;
}

@Injectable()
export class SourcesRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async added(): Promise<AddedSource[]> {
    const { rows } = await this.database.pool.query<AddedSource>(
      `SELECT name, manifest, added_by AS "addedBy", added_at AS "addedAt" FROM "curator"."sources" ORDER BY name`,
    );
    return rows;
  }

  /** `manifest` null removes one that comes with the lab. */
  async put(name: string, manifest: string | null, addedBy: string): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO "curator"."sources" (name, manifest, added_by) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET manifest = EXCLUDED.manifest, added_by = EXCLUDED.added_by, added_at = clock_timestamp()`,
      [name, manifest, addedBy],
    );
  }

  /** Ends the source's own words; one that comes with the lab is then as it came. */
  async drop(name: string): Promise<void> {
    await this.database.pool.query(`DELETE FROM "curator"."sources" WHERE name = $1`, [name]);
  }

  /** Forgets how far its streams are, and their rows; the datasets stay. */
  async forgetStreams(name: string): Promise<void> {
    await this.database.pool.query(`DELETE FROM "curator"."source_slices" WHERE source = $1`, [name]);
  }

  /** A source that has changed may be there again. */
  async reopen(name: string): Promise<void> {
    await this.database.pool.query(
      `UPDATE "curator"."source_slices" SET gone_at = NULL, failure = NULL, failed_at = NULL,
         refresh_at = CASE WHEN refresh_at IS NULL AND fetched_at IS NULL THEN NULL ELSE clock_timestamp() END WHERE source = $1`,
      [name],
    );
  }

  async sealedKey(key: string): Promise<string | undefined> {
    const { rows } = await this.database.pool.query<{ sealed: string }>(
      `SELECT sealed FROM "curator"."source_keys" WHERE name = $1`,
      [key],
    );
    return rows[0]?.sealed;
  }

  /** Names of keys that are set. */
  async keyNames(): Promise<Set<string>> {
    const { rows } = await this.database.pool.query<{ name: string }>(`SELECT name FROM "curator"."source_keys"`);
    return new Set(rows.map(({ name }) => name));
  }

  async putKey(key: string, sealed: string, setBy: string): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO "curator"."source_keys" (name, sealed, set_by) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET sealed = EXCLUDED.sealed, set_by = EXCLUDED.set_by, set_at = clock_timestamp()`,
      [key, sealed, setBy],
    );
    // Another key has requests of its own.
    await this.database.pool.query(`DELETE FROM "curator"."source_rates" WHERE name = $1`, [key]);
    await this.database.pool.query(`DELETE FROM "curator"."source_requests" WHERE name = $1`, [key]);
  }

  async dropKey(key: string): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(`DELETE FROM "curator"."source_keys" WHERE name = $1`, [key]);
    return rowCount === 1;
  }
}
