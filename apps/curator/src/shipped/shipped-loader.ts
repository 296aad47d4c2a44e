// Puts the datasets that come with the lab into the database at start. Once: the same file is never written twice.
import { readFile } from 'node:fs/promises';
import { DatasetId, Timestamp } from '@labmesh/contracts';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { LAB, type NewDataset } from '../datasets/dataset.js';
import { DatasetRepository } from '../datasets/dataset.repository.js';
import { parseJson, writeJson } from '../formats/json.js';
import { checkRows } from '../formats/rows.js';

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
  constructor(@Inject(DatasetRepository) private readonly repository: DatasetRepository) {}

  async onModuleInit(): Promise<void> {
    await this.repository.ship(await readShipped());
  }
}

/** The solar flares of DONKI as a dataset of the lab, its bytes as JSON. */
export async function readShipped(): Promise<NewDataset> {
  const file = ShippedFile.parse(parseJson(await readFile(FLARES, 'utf8')));
  const { rows } = checkRows(file.rows);
  return {
    id: file.datasetId,
    name: file.name,
    description: file.description,
    format: 'json',
    rowCount: rows.length,
    owner: LAB,
    provenance: file.provenance,
    rowSchema: file.schema,
    columns: null,
    content: writeJson(rows),
  };
}
