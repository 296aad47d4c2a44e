// A client of the lab's Curator: the rows of a dataset, whatever the number of pages.
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Failure } from '../failure.js';
import { Lab } from './lab.js';

const PAGES_MAX = 20;
const Page = z.object({ rows: z.array(z.record(z.string(), z.unknown())), nextOffset: z.number().optional() });

@Injectable()
export class Curator {
  constructor(private readonly lab: Lab) {}

  /** @throws Failure, also when the dataset has more than 20 pages of 1,000 rows */
  async rows(datasetId: string): Promise<ReadonlyArray<Record<string, unknown>>> {
    const rows: Array<Record<string, unknown>> = [];
    let offset = 0;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const answer = Page.parse(await this.lab.call('curator_fetch_dataset', { datasetId, offset }));
      rows.push(...answer.rows);
      if (answer.nextOffset === undefined) return rows;
      offset = answer.nextOffset;
    }
    throw new Failure('too_large', `${datasetId} has more rows than this service reads.`, 'Ask curator_query_dataset.');
  }
}
