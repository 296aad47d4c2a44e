// Puts the datasets that come with the lab where the others are, at the start. Once: where all of it is there as it is shipped, a start
// reads a row and the content, and writes nothing.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type BlobRef, BlobReferences } from '@labmesh/blobs';
import { DatasetId, Timestamp } from '@labmesh/contracts';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { LAB, type NewDataset } from '../datasets/dataset.js';
import { DatasetChanges } from '../datasets/dataset-changes.repository.js';
import { OldContent } from '../datasets/old-content.repository.js';
import { parseJson, writeJson } from '../formats/json.js';
import { checkRows } from '../rows.js';

/** The same from src and from dist. */
const FLARES = new URL('../../data/donki-solar-flares-2016-2018.json', import.meta.url);

const ShippedFile = z.object({
  datasetId: DatasetId,
  name: z.string(),
  description: z.string(),
  provenance: z.object({
    source: z.string(),
    license: z.string(),
    obtainedAt: Timestamp,
    derivedFrom: z.null(),
    note: z.string(),
  }),
  schema: z.record(z.string(), z.unknown()),
  rows: z.array(z.unknown()),
});

@Injectable()
export class ShippedLoader implements OnModuleInit {
  constructor(
    @Inject(DatasetChanges) private readonly changes: DatasetChanges,
    @Inject(BlobReferences) private readonly references: BlobReferences,
    @Inject(OldContent) private readonly old: OldContent,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.old.move();
    await this.ship(await readShipped());
  }

  /** True when it changed anything. What the operator has withdrawn stays away; content that is lost or damaged is put back. */
  async ship({ content, ...dataset }: ShippedDataset): Promise<boolean> {
    const ref = { sha256: createHash('sha256').update(content).digest('hex'), bytes: content.byteLength };
    if ((await this.changes.keeps({ ...dataset, content: ref })) && (await this.#isWhole(ref))) return false;
    if (await this.changes.wasWithdrawn(dataset.id)) return false;
    const { fresh } = await this.changes.keep({ ...dataset, content: await this.references.store.put([content]) });
    return fresh;
  }

  /** Content is hashed while it is read: what is not as it was ends in an error. */
  async #isWhole({ sha256 }: BlobRef): Promise<boolean> {
    try {
      await pipeline(
        await this.references.store.read(sha256),
        new Writable({ write: (_chunk, _encoding, next) => next() }),
      );
      return true;
    } catch {
      return false;
    }
  }
}

interface ShippedDataset extends Omit<NewDataset, 'content'> {
  readonly content: Uint8Array;
}

/** The solar flares of DONKI as a dataset of the lab, its bytes as JSON. */
export async function readShipped(): Promise<ShippedDataset> {
  const file = ShippedFile.parse(parseJson(await readFile(FLARES, 'utf8')));
  const { rows } = checkRows(file.rows);
  return {
    id: file.datasetId,
    name: file.name,
    description: file.description,
    format: 'json',
    rowCount: rows.length,
    owner: LAB,
    source: LAB,
    topics: ['solar-flares', 'space-weather'],
    note: null,
    provenance: file.provenance,
    rowSchema: file.schema,
    columns: null,
    content: writeJson(rows),
  };
}
