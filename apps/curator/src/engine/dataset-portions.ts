// All rows of a dataset for who looks at each once, whatever its size: from memory where they fit, else from its table by the portion.
import type { Call } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { type DatasetRecord, isLarge } from '../datasets/dataset.js';
import { DatasetReader } from '../datasets/dataset-reader.js';
import type { Row } from '../rows.js';
import { Survey } from '../schemas/drift.js';
import { DatasetTables } from './dataset-tables.js';
import { ENGINE, type Engine } from './engine.js';
import { readTable } from './table-rows.js';

type Portions = AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>;

@Injectable()
export class DatasetPortions {
  constructor(
    @Inject(DatasetReader) private readonly reader: DatasetReader,
    @Inject(DatasetTables) private readonly tables: DatasetTables,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  /** @throws AppError as `find` and reading does; what `use` throws */
  async each<T>(record: DatasetRecord, call: Call, use: (portions: Portions) => Promise<T>): Promise<T> {
    if (!isLarge(record)) return use([await this.reader.rowsOf(record)]);
    const { principal, signal } = call;
    return this.tables.using([record], ([table = '']) =>
      readTable({ table, who: principal.walletId, signal }, use, this.engine),
    );
  }

  /** What its rows hold: schema, columns, spans. */
  survey(record: DatasetRecord, call: Call): Promise<Survey> {
    return this.each(record, call, async (portions) => {
      const survey = new Survey();
      for await (const rows of portions) for (const row of rows) survey.add(row);
      return survey;
    });
  }
}
