// Schemas inferred from rows, and how one dataset differs from another, for a caller.
import { AppError, type Call, type curatorParts, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DatasetReader } from '../datasets/dataset-reader.js';
import { checkRows } from '../rows.js';
import { driftOf, surveyOf } from '../schemas/drift.js';
import { DatasetPortions } from './dataset-portions.js';

type Tools = typeof curatorParts.analysis;

@Injectable()
export class DatasetComparison {
  constructor(
    @Inject(DatasetReader) private readonly reader: DatasetReader,
    @Inject(DatasetPortions) private readonly portions: DatasetPortions,
  ) {}

  async infer(
    { datasetId, version, rows }: ToolInput<Tools['infer_schema']>,
    call: Call,
  ): Promise<ToolOutput<Tools['infer_schema']>> {
    if ((datasetId === undefined) === (rows === undefined))
      throw new AppError('invalid_input', 'Cannot infer a schema: give either datasetId or rows, one of the two.');
    const survey =
      datasetId === undefined
        ? surveyOf(checkRows(structuredClone(rows)).rows)
        : await this.portions.survey(await this.reader.find(datasetId, call, version), call);
    return { schema: survey.schema(), rows: survey.rows };
  }

  async compare(
    input: ToolInput<Tools['compare_datasets']>,
    call: Call,
  ): Promise<ToolOutput<Tools['compare_datasets']>> {
    const { beforeVersion, afterVersion } = input;
    const before = await this.reader.find(input.before, call, beforeVersion);
    const after = await this.reader.find(input.after ?? input.before, call, afterVersion);
    const [old, now] = [await this.portions.survey(before, call), await this.portions.survey(after, call)];
    return {
      same: before.sha256 === after.sha256 && before.format === after.format,
      rowsBefore: old.rows,
      rowsAfter: now.rows,
      changes: driftOf(old.facts(), now.facts()),
    };
  }
}
