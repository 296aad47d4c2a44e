// A dataset in another format, as a new dataset: in memory, with everything read back and compared, or by the portion where it is large.
import { createReadStream } from 'node:fs';
import { AppError, type Call, type curator, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DatasetTables } from '../engine/dataset-tables.js';
import { ENGINE, type Engine } from '../engine/engine.js';
import { exportInto } from '../engine/table-export.js';
import { isStreamed, STREAMED_FORMATS, type StreamedFormat } from '../engine/table-lines.js';
import { transformRows } from '../formats/lossy.js';
import { inferSchema } from '../schemas/inference.js';
import { shapeOf } from '../schemas/shape.js';
import { type DatasetRecord, isLarge, type NewVersion } from './dataset.js';
import { DatasetReader } from './dataset-reader.js';
import { DatasetWriter } from './dataset-writer.js';

type Transform = (typeof curator.tools)['transform_data_format'];
type Input = ToolInput<Transform>;
type Written = Pick<NewVersion, 'rowSchema' | 'columns' | 'content' | 'table'> & Pick<ToolOutput<Transform>, 'losses'>;

@Injectable()
export class DatasetTransforms {
  constructor(
    @Inject(DatasetReader) private readonly reader: DatasetReader,
    @Inject(DatasetWriter) private readonly writer: DatasetWriter,
    @Inject(DatasetTables) private readonly tables: DatasetTables,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  async transform(input: Input, call: Call): Promise<ToolOutput<Transform>> {
    const origin = await this.reader.find(input.datasetId, call, input.version);
    const { losses, ...written } = await this.written(origin, input, call);
    return {
      ...(await this.writer.keepTransformed(origin, { to: input.to, name: input.name, ...written }, call)),
      losses,
    };
  }

  private async written(origin: DatasetRecord, { to, lossless }: Input, call: Call): Promise<Written> {
    if (isLarge(origin)) return this.byPortion(origin, streamedOr(to), call);
    try {
      return await this.whole(origin, { to, lossless }, call);
    } catch (thrown) {
      // What was small in one format may be large in another.
      if (!(thrown instanceof AppError) || thrown.code !== 'too_large' || !isStreamed(to)) throw thrown;
      return this.byPortion(origin, to, call);
    }
  }

  private async whole(
    origin: DatasetRecord,
    { to, lossless }: Pick<Input, 'to' | 'lossless'>,
    call: Call,
  ): Promise<Written> {
    const { written, rows, losses } = await transformRows(to, await this.reader.rowsOf(origin), lossless);
    return {
      losses,
      rowSchema: losses.length === 0 ? origin.rowSchema : inferSchema(shapeOf(rows)),
      columns: written.columns ?? null,
      content: await this.writer.put([written.bytes], call.signal),
    };
  }

  /** Of the table, which holds the rows exactly; each of these formats holds them too, so nothing is lost. */
  private byPortion(origin: DatasetRecord, to: StreamedFormat, call: Call): Promise<Written> {
    return this.tables.using([origin], async ([table = '']) => {
      const kept = await this.writer.put(createReadStream(table), call.signal);
      if (to === 'parquet')
        return { losses: [], rowSchema: origin.rowSchema, columns: null, content: kept, table: kept };
      const { principal, signal } = call;
      const { put: content, columns } = await exportInto(
        (bytes) => this.writer.put(bytes, signal),
        { table, format: to, who: principal.walletId, signal },
        this.engine,
      );
      return { losses: [], rowSchema: origin.rowSchema, columns, content, table: kept };
    });
  }
}

function streamedOr(format: Input['to']): StreamedFormat {
  if (isStreamed(format)) return format;
  throw new AppError(
    'too_large',
    `Cannot write so many rows as ${format}, which is written whole. Use ${STREAMED_FORMATS.join(', ')}, or make a smaller dataset with save_query first.`,
  );
}
