// Content that older labs kept in the database goes to the place for bytes, one dataset after the other, before anything is served.
// A process that ends half-way has lost nothing: the column is emptied in the transaction that names the content in its new place.
import { BlobReferences } from '@labmesh/blobs';
import { AppError, type DATA_FORMATS, FORMATS } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';

/** Content of before there were versions is the first one's. */
const FIRST = 1;

interface OldRow {
  readonly id: string;
  readonly content: Uint8Array;
}

const NEXT = 'SELECT id, content FROM curator.datasets WHERE content IS NOT NULL AND id > $1 ORDER BY id LIMIT 1';

@Injectable()
export class OldContent {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BlobReferences) private readonly references: BlobReferences,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'error'>,
  ) {}

  /** Several processes may do it at once: each finds what is left. Answers how many it moved. */
  async move(): Promise<number> {
    let moved = 0;
    for (let after = ''; ; ) {
      const { rows } = await this.database.pool.query<OldRow>(NEXT, [after]);
      const [row] = rows;
      if (row === undefined) break;
      after = row.id;
      try {
        if (await this.#moveOne(row.id, row.content)) moved += 1;
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error;
        this.log.error(
          { err: error, datasetId: row.id },
          'the stored content of a dataset is damaged, and stays in the database',
        );
      }
    }
    if (moved > 0) this.log.info({ datasets: moved }, 'content moved from the database to the place for bytes');
    return moved;
  }

  async #moveOne(id: string, content: Uint8Array): Promise<boolean> {
    const version = await this.database.prisma.datasetVersion.findUniqueOrThrow({
      where: { datasetId_version: { datasetId: id, version: FIRST } },
      select: { sha256: true, format: true, dataset: { select: { name: true, owner: true } } },
    });
    const { sha256, format, dataset } = version;
    const ref = await this.references.store.put([content], { sha256 });
    return this.database.prisma.$transaction(async (tx) => {
      // Whoever empties the column first has moved it.
      const mine =
        await tx.$executeRaw`UPDATE "curator"."datasets" SET content = NULL WHERE id = ${id} AND content IS NOT NULL`;
      if (mine === 0) return false;
      const reference = {
        ...ref,
        mediaType: FORMATS[format as (typeof DATA_FORMATS)[number]].mimeType,
        name: `${dataset.name}.${format}`,
        owner: dataset.owner,
      };
      const [blobId = null] = await this.references.claim(tx, [reference]);
      await tx.datasetVersion.update({
        where: { datasetId_version: { datasetId: id, version: FIRST } },
        data: { blobId },
        select: { version: true },
      });
      return true;
    });
  }
}
