// A range of a dataset that comes from a source: what is not there yet is fetched as fetch_source does, and which rows are of it.
import { AppError, type Call, type curator, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Row } from '../rows.js';
import type { Manifest, Stream } from './manifest.js';
import { valueAt } from './pointer.js';
import { SourceCatalog } from './source-catalog.js';
import { type Fetched, type FetchProgress, SourceFetcher } from './source-fetcher.js';
import { type Slice, SourceStateRepository } from './source-state.repository.js';
import type { Wish } from './stream-asked.js';
import { givenPlace, isWithin } from './time-range.js';

type Fetch = (typeof curator.tools)['fetch_dataset'];
type Asked = Pick<ToolInput<Fetch>, 'datasetId' | 'version' | 'as' | 'from' | 'to' | 'parameters'>;

/** What is answered of a dataset. */
export interface DatasetSlice {
  readonly datasetId: string;
  /** Left out: every row. */
  readonly isOf?: (row: Row) => boolean;
  readonly range?: ToolOutput<Fetch>['range'];
}

@Injectable()
export class DatasetSlices {
  constructor(
    @Inject(SourceStateRepository) private readonly state: Pick<SourceStateRepository, 'slicesOf'>,
    @Inject(SourceCatalog) private readonly catalog: Pick<SourceCatalog, 'stream'>,
    @Inject(SourceFetcher) private readonly fetcher: Pick<SourceFetcher, 'fetch' | 'known'>,
  ) {}

  /**
   * The dataset as it is when nothing of its source is asked for.
   * @throws AppError invalid_input for what comes from no source, or has no such range; and as SourceFetcher.fetch
   */
  async *of(asked: Asked, call: Call): AsyncGenerator<FetchProgress, DatasetSlice, void> {
    const { datasetId, from, to, parameters } = asked;
    if (from === undefined && to === undefined && parameters === undefined) return { datasetId };
    if (asked.version !== undefined || asked.as === 'content')
      throw cannot(datasetId, 'a version, and content as it is stored, have no range; leave version and as out');
    const slice = await this.#sliceOf(datasetId);
    const { source, stream } = await this.catalog.stream(slice.source, slice.stream);
    const isOf = from === undefined && to === undefined ? undefined : rowsWithin(stream, source.manifest, asked);
    const wish: Wish = { ...pick(slice), parameters: { ...slice.parameters, ...parameters }, from, to };
    const within = { deadline: call.deadline, signal: call.signal, force: false };
    const mayFetch = call.principal.permissions.includes('dataset:write');
    const found = mayFetch ? yield* this.fetcher.fetch(wish, within) : await this.fetcher.known(wish, within);
    if (found === undefined && parameters !== undefined)
      throw new AppError(
        'forbidden',
        `Cannot fetch ${slice.stream} of ${slice.source} with these parameters: it takes dataset:write. get_source tells which of its datasets are there.`,
      );
    const made = { datasetId: found?.dataset.datasetId ?? datasetId, range: rangeOf(found, slice) };
    return isOf === undefined ? made : { ...made, isOf };
  }

  async #sliceOf(datasetId: string): Promise<Slice> {
    const [slice] = await this.state.slicesOf([datasetId]);
    if (slice !== undefined) return slice;
    throw cannot(
      datasetId,
      'it comes from no source that the lab has now; leave from, to and parameters out, or ask with query_dataset',
    );
  }
}

const pick = ({ source, stream }: Slice) => ({ source, stream });

const rangeOf = (found: Fetched | undefined, slice: Slice) => ({
  complete: found !== undefined,
  changed: found?.changed ?? 0,
  fetchedAt: (found?.fetchedAt ?? slice.fetchedAt)?.toISOString() ?? null,
});

/** By the column of its cursor, as this alone says when a row was. */
function rowsWithin(stream: Stream, { name }: Manifest, { datasetId, from, to }: Asked): (row: Row) => boolean {
  const range = 'range' in stream ? stream.range : undefined;
  const cursor = 'cursor' in stream ? stream.cursor : undefined;
  if (range === undefined) throw cannot(datasetId, `what it comes from (${name}) has no range; leave from and to out`);
  if (cursor === undefined)
    throw cannot(
      datasetId,
      `the manifest of ${name} names no column of its range (cursor); fetch it with fetch_source, and ask with query_dataset`,
    );
  const { format } = range;
  const asked = {
    from: from === undefined ? undefined : givenPlace(from, format, 'from'),
    to: to === undefined ? undefined : givenPlace(to, format, 'to'),
  };
  return (row) => {
    const place = valueAt(row, cursor.field);
    return (typeof place === 'string' || typeof place === 'number') && isWithin(place, asked, format);
  };
}

const cannot = (datasetId: string, why: string): AppError =>
  new AppError('invalid_input', `Cannot read a range of ${datasetId}: ${why}.`);
