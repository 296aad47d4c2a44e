// Complete chunks of logs: their bytes in the place for bytes, and the rows that say where in a log each stands. Rows are added only
// while an attempt has not ended, so that the log of one that has is all there.
import { createReadStream } from 'node:fs';
import type { BlobReferences } from '@labmesh/blobs';
import { AppError } from '@labmesh/contracts';
import type { Database } from '@labmesh/db';
import { type ChunkAccount, LOG_START, type LogPlace } from './chunk-index.js';

export interface AttemptId {
  readonly jobId: string;
  readonly number: number;
}

/** A chunk that is kept. */
export interface KeptChunk {
  readonly start: LogPlace;
  readonly end: LogPlace;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Its bytes: their checksum, and how many. */
  readonly sha256: string;
  readonly size: number;
}

interface Row {
  readonly bytes: bigint;
  readonly lines: bigint;
  readonly stdoutBytes: bigint;
  readonly stdoutLines: bigint;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly sha256: string;
  readonly size: bigint;
}

/** Whose the references are: no wallet's, so no quota counts them. */
const OWNER = 'logs';
const MEDIA_TYPE = 'application/vnd.labmesh.job-log';

export class LogChunks {
  constructor(
    private readonly database: Database,
    private readonly references: BlobReferences,
  ) {}

  /** In their order, from the log's first byte on. */
  async of({ jobId, number }: AttemptId): Promise<KeptChunk[]> {
    const rows = await this.database.prisma.$queryRaw<Row[]>`
      SELECT c.bytes, c.lines, c.stdout_bytes AS "stdoutBytes", c.stdout_lines AS "stdoutLines",
        c.first_at AS "firstAt", c.last_at AS "lastAt", b.sha256, b.bytes AS size
      FROM mechanic.job_log_chunks c JOIN mechanic.blobs b ON b.id = c.blob_id
      WHERE c.job_id = ${jobId} AND c.attempt = ${number} ORDER BY c.start`;
    let start = LOG_START;
    return rows.map((row) => {
      const chunk = { start, end: after(start, row), ...row, size: Number(row.size) };
      start = chunk.end;
      return chunk;
    });
  }

  async end(attempt: AttemptId): Promise<LogPlace> {
    return (await this.of(attempt)).at(-1)?.end ?? LOG_START;
  }

  /** @throws AppError conflict when the attempt has ended; unavailable when the place for bytes is away */
  async keep({ jobId, number }: AttemptId, path: string, account: ChunkAccount): Promise<void> {
    const { start, end, firstAt, lastAt } = account;
    const stored = await this.references.store.put(createReadStream(path, { highWaterMark: 1024 * 1024 }));
    const lines = end.stdoutLines + end.stderrLines - start.stdoutLines - start.stderrLines;
    const name = `${jobId}-${number}-${start.place}.log`;
    await this.database.prisma.$transaction(async (tx) => {
      const [blobId] = await this.references.claim(tx, [{ ...stored, mediaType: MEDIA_TYPE, name, owner: OWNER }]);
      const added = await tx.$executeRaw`
        INSERT INTO mechanic.job_log_chunks
          (job_id, attempt, start, bytes, lines, stdout_bytes, stdout_lines, first_at, last_at, blob_id)
        SELECT job_id, number, ${start.place}, ${end.place - start.place}, ${lines}, ${end.stdout - start.stdout},
          ${end.stdoutLines - start.stdoutLines}, ${new Date(firstAt)}, ${new Date(lastAt)}, ${blobId}
        FROM mechanic.job_attempts WHERE job_id = ${jobId} AND number = ${number} AND state <> 'ended' FOR SHARE
        ON CONFLICT DO NOTHING`;
      if (added > 0) return;
      // Kept by a process that ended before it could remove the file.
      const before = await tx.jobLogChunk.findFirst({ where: { jobId, attempt: number, start: start.place } });
      if (before?.bytes !== BigInt(end.place - start.place)) throw over(jobId, number);
      await this.references.release(tx, [blobId ?? '']);
    });
  }
}

const after = (start: LogPlace, { bytes, lines, stdoutBytes, stdoutLines }: Row): LogPlace => ({
  place: start.place + Number(bytes),
  stdout: start.stdout + Number(stdoutBytes),
  stdoutLines: start.stdoutLines + Number(stdoutLines),
  stderrLines: start.stderrLines + Number(lines - stdoutLines),
});

const over = (jobId: string, number: number): AppError =>
  new AppError('conflict', `Cannot keep more of the log of attempt ${number} of ${jobId}: the attempt has ended.`);
