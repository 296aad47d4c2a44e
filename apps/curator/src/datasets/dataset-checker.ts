// Checks rows against a JSON Schema for a caller: rows of a dataset, or rows sent along.
import { AppError, type Call, type curator, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { validateRows } from '../schemas/validator.js';
import { DatasetReader } from './dataset-reader.js';

type Check = (typeof curator.tools)['validate_data_schema'];

@Injectable()
export class DatasetChecker {
  constructor(@Inject(DatasetReader) private readonly reader: DatasetReader) {}

  async check(input: ToolInput<Check>, call: Call): Promise<ToolOutput<Check>> {
    const { rows, schema } = await this.subject(input, call);
    if (schema === undefined) {
      throw new AppError('invalid_input', 'Cannot check the rows: give a schema to check them against.');
    }
    const verdict = validateRows(schema, rows, input.maxErrors);
    return { ...verdict, errors: [...verdict.errors] };
  }

  private async subject({ datasetId, rows, schema }: ToolInput<Check>, call: Call) {
    if ((datasetId === undefined) === (rows === undefined)) {
      throw new AppError('invalid_input', 'Cannot check the rows: give either datasetId or rows, one of the two.');
    }
    if (datasetId === undefined) return { rows: rows ?? [], schema };
    const record = await this.reader.find(datasetId, call);
    return { rows: await this.reader.rowsOf(record), schema: schema ?? record.rowSchema ?? undefined };
  }
}
