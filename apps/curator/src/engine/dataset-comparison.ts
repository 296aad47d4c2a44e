// Schemas inferred from rows, and how one dataset differs from another, for a caller.
import { AppError, type Call, type curatorParts, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DatasetReader } from '../datasets/dataset-reader.js';
import { checkRows } from '../rows.js';
import { driftOf, factsOf } from '../schemas/drift.js';
import { inferSchema } from '../schemas/inference.js';
import { shapeOf } from '../schemas/shape.js';

type Tools = typeof curatorParts.analysis;

@Injectable()
export class DatasetComparison {
  constructor(@Inject(DatasetReader) private readonly reader: DatasetReader) {}

  async infer(
    { datasetId, rows }: ToolInput<Tools['infer_schema']>,
    call: Call,
  ): Promise<ToolOutput<Tools['infer_schema']>> {
    if ((datasetId === undefined) === (rows === undefined))
      throw new AppError('invalid_input', 'Cannot infer a schema: give either datasetId or rows, one of the two.');
    const seen =
      datasetId === undefined
        ? checkRows(structuredClone(rows)).rows
        : await this.reader.rowsOf(await this.reader.find(datasetId, call));
    return { schema: inferSchema(shapeOf(seen)), rows: seen.length };
  }

  async compare(
    input: ToolInput<Tools['compare_datasets']>,
    call: Call,
  ): Promise<ToolOutput<Tools['compare_datasets']>> {
    const [before, after] = await Promise.all([
      this.reader.find(input.before, call, input.beforeVersion),
      this.reader.find(input.after, call, input.afterVersion),
    ]);
    const [old, now] = [await this.reader.rowsOf(before), await this.reader.rowsOf(after)];
    const changes = driftOf(factsOf(old), factsOf(now));
    return {
      same: before.sha256 === after.sha256 && before.format === after.format,
      rowsBefore: old.length,
      rowsAfter: now.length,
      changes,
    };
  }
}
