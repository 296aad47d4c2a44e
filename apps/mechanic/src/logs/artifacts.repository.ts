// What jobs left, as rows: files by their kind and path. What has expired is not there any more, whether it was removed yet or not.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface StoredArtifact {
  readonly path: string;
  readonly blobId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly attempt: number;
  readonly keptAt: Date;
  readonly expiresAt: Date | null;
}

export type ArtifactKind = 'artifact' | 'checkpoint';

type Row = Omit<StoredArtifact, 'bytes'> & { readonly bytes: string };

const COLUMNS = `a.path, a.blob_id AS "blobId", a.sha256, a.bytes, a.attempt, a.kept_at AS "keptAt", a.expires_at AS "expiresAt"`;
const THERE = 'a.job_id = $1 AND a.kind = $2 AND (a.expires_at IS NULL OR a.expires_at > now())';
const PAGE = `SELECT ${COLUMNS} FROM mechanic.job_artifacts a WHERE ${THERE} AND a.path COLLATE "C" > $3 ORDER BY a.path COLLATE "C" LIMIT $4`;
const ONE = `SELECT ${COLUMNS} FROM mechanic.job_artifacts a WHERE ${THERE} AND a.path = $3`;
const JOB_OF_BLOB = `SELECT job_id AS "jobId" FROM mechanic.job_artifacts WHERE blob_id = $1 AND (expires_at IS NULL OR expires_at > now())
  UNION ALL SELECT job_id FROM mechanic.job_log_chunks WHERE blob_id = $1
  UNION ALL SELECT job_id FROM mechanic.job_files WHERE blob_id = $1 LIMIT 1`;

@Injectable()
export class Artifacts {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** By their paths, behind one. */
  async page(jobId: string, kind: ArtifactKind, { after, limit }: { after: string; limit: number }) {
    const { rows } = await this.database.pool.query<Row>(PAGE, [jobId, kind, after, limit]);
    return rows.map(artifactOf);
  }

  async find(jobId: string, kind: ArtifactKind, path: string): Promise<StoredArtifact | undefined> {
    const { rows } = await this.database.pool.query<Row>(ONE, [jobId, kind, path]);
    return rows[0] === undefined ? undefined : artifactOf(rows[0]);
  }

  /** The job that a blob is of, as what it left, was given or wrote. */
  async jobOf(blobId: string): Promise<string | undefined> {
    const { rows } = await this.database.pool.query<{ jobId: string }>(JOB_OF_BLOB, [blobId]);
    return rows[0]?.jobId;
  }
}

const artifactOf = (row: Row): StoredArtifact => ({ ...row, bytes: Number(row.bytes) });
