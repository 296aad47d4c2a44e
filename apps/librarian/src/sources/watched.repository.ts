// Rows of sources as people and the clock look at them: what there is of a wallet's, which one is due. It never changes a document.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import type { Readers, SourceName } from './collection.js';
import type { SourceKind } from './extraction/kinds.js';

export interface SourceRow {
  readonly sourceId: string;
  readonly from: SourceName['from'];
  readonly place: string;
  readonly documents: number;
  readonly checkedAt: Date;
  readonly commit: string | null;
  readonly ref: string | null;
  readonly problem: string | null;
}

export interface CollectionRow {
  readonly collectionId: string;
  readonly name: string;
  readonly owner: string;
  readonly readers: Readers;
  /** Of the looker's own. */
  readonly project: string | null;
  readonly documents: number;
  readonly characters: number;
  readonly updatedAt: Date;
}

/** A folder, or a branch or tag of a repository. */
export interface DueSource extends SourceName {
  readonly sourceId: string;
  readonly kind: SourceKind | null;
  /** Of a repository. */
  readonly ref: string | null;
  /** What was taken of it. */
  readonly commit: string | null;
}

/** A host is asked so much less often than a folder is looked at. */
const LOOKS_OF_GIT = 15;

@Injectable()
export class WatchedRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  async collections(walletId: string): Promise<CollectionRow[]> {
    const { rows } = await this.database.pool.query<CollectionRow>(
      `SELECT id AS "collectionId", name, owner, readers, CASE WHEN owner = $1 THEN project_id END AS project, documents, characters::float8 AS characters, updated_at AS "updatedAt"
       FROM librarian.collections WHERE owner = $1 OR readers = 'lab' ORDER BY name, id`,
      [walletId],
    );
    return rows;
  }

  /** Of all collections of the wallet, by the collection. */
  async sources(walletId: string): Promise<Map<string, SourceRow[]>> {
    const { rows } = await this.database.pool.query<SourceRow & { collectionId: string }>(
      `SELECT s.collection_id AS "collectionId", s.id AS "sourceId", s.came_from AS "from", s.place, s.checked_at AS "checkedAt",
         s.commit, s.ref, s.problem, (SELECT count(*)::int FROM librarian.documents d WHERE d.source_id = s.id) AS documents
       FROM librarian.sources s JOIN librarian.collections c ON c.id = s.collection_id WHERE c.owner = $1 ORDER BY s.id`,
      [walletId],
    );
    const found = new Map<string, SourceRow[]>();
    for (const { collectionId, ...source } of rows)
      found.set(collectionId, [...(found.get(collectionId) ?? []), source]);
    return found;
  }

  /** One that is due, for whoever asks first: it is due again after so long, a repository after a while. */
  async due(everyMs: number): Promise<DueSource | undefined> {
    const { rows } = await this.database.pool.query<DueSource>(
      `WITH next AS (
         UPDATE librarian.sources SET next_look_at = clock_timestamp()
           + $1 * interval '1 millisecond' * CASE came_from WHEN 'git' THEN ${LOOKS_OF_GIT} ELSE 1 END
         WHERE id = (SELECT id FROM librarian.sources WHERE next_look_at <= clock_timestamp()
                     ORDER BY next_look_at LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING id, collection_id, came_from, place, kind, ref, commit)
       SELECT next.id AS "sourceId", c.owner, c.name AS collection, next.came_from AS "from", next.place, next.kind, next.ref, next.commit
       FROM next JOIN librarian.collections c ON c.id = next.collection_id`,
      [everyMs],
    );
    return rows[0];
  }

  /** It is as it was. */
  async same(sourceId: string): Promise<void> {
    await this.database.pool.query(
      `UPDATE librarian.sources SET problem = NULL, checked_at = date_trunc('milliseconds', now()) WHERE id = $1`,
      [sourceId],
    );
  }

  /** Why a look at a source took nothing. */
  async failed(sourceId: string, problem: string): Promise<void> {
    await this.database.pool.query(
      `UPDATE librarian.sources SET problem = $2, checked_at = date_trunc('milliseconds', now()) WHERE id = $1`,
      [sourceId, problem],
    );
  }
}
