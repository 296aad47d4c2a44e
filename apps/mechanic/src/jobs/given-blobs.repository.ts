// Content of the Mechanic's own that somebody names for another job: artefacts and files of jobs that are theirs.
import type { BlobRef } from '@labmesh/blobs';
import type { Principal } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { mayOperate } from './ownership.js';

@Injectable()
export class GivenBlobs {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  /** Undefined for what is not there, or is of another wallet's job. */
  async readable(id: string, caller: Principal): Promise<(BlobRef & { readonly mediaType: string }) | undefined> {
    const { rows } = await this.database.pool.query<{ sha256: string; bytes: string; mediaType: string }>(
      `SELECT b.sha256, b.bytes, b.media_type AS "mediaType" FROM mechanic.blobs b WHERE b.id = $1 AND ($3 OR b.owner = $2)`,
      [id, caller.walletId, mayOperate(caller)],
    );
    return rows.map(({ bytes, ...row }) => ({ ...row, bytes: Number(bytes) }))[0];
  }
}
