// Files of the formats that can be read by the portion, as JSON lines: the one form in which every byte of a large file is looked at.
// Nothing of a file is ever in memory as a whole, here or in the engine's process.
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@labmesh/contracts';
import type { ReadHints } from '../formats/codec.js';
import { type CellFacts, guessColumn } from '../formats/csv-cells.js';
import { ParquetFile } from '../formats/parquet-reader.js';
import type { DataFormat } from '../formats/text.js';
import { numberFromText } from '../numbers.js';
import type { Row } from '../rows.js';
import type { Column } from '../schemas/columns.js';
import type { EngineSession } from './engine-session.js';
import type { CsvColumn } from './wire.js';

/** Formats of which a dataset may be larger than what fits into memory. */
export const STREAMED_FORMATS = ['ndjson', 'json', 'csv', 'tsv', 'parquet'] as const;
export type StreamedFormat = (typeof STREAMED_FORMATS)[number];

export const isStreamed = (format: DataFormat): format is StreamedFormat =>
  STREAMED_FORMATS.some((streamed) => streamed === format);

interface Wanted {
  readonly file: string;
  readonly format?: StreamedFormat;
  readonly hints?: ReadHints;
}

interface Lines {
  readonly file: string;
  readonly cells?: { readonly cells: readonly Column[] };
}

const MARK = Buffer.from('\uFEFF');
/** Most bytes that a packed file may become: it can hold far more than its own size. */
const UNPACKED_MAX = 16 * 1024 ** 3;

/** @throws AppError or EngineError with the row that is wrong. */
export async function linesOf(session: EngineSession, { file, format = 'ndjson', hints }: Wanted): Promise<Lines> {
  const target = join(session.folder, 'lines.ndjson');
  switch (format) {
    case 'ndjson':
      return { file: await withoutMark(file, target) };
    case 'json':
      return { file: (await session.jsonLines(file, target)) ? target : await withoutMark(file, target) };
    case 'csv':
    case 'tsv': {
      const separator = format === 'csv' ? ',' : '\t';
      const columns = hints?.columns ?? (await guessed(session, { file, separator }, hints));
      await session.csvLines({ file, separator, target, columns });
      return { file: target, cells: { cells: columns } };
    }
    case 'parquet':
      await unpack(session, file, target);
      return { file: target };
  }
}

/** The file, or where it is without the byte order mark that it begins with: DuckDB takes none. */
async function withoutMark(file: string, target: string): Promise<string> {
  const [begin] = (await createReadStream(file, { end: MARK.length - 1 }).toArray()) as Buffer[];
  if (begin?.equals(MARK) !== true) return file;
  await pipeline(createReadStream(file, { start: MARK.length }), createWriteStream(target, { mode: 0o600 }));
  return target;
}

async function guessed(
  session: EngineSession,
  { file, separator }: { file: string; separator: string },
  hints: ReadHints | undefined,
): Promise<Column[]> {
  const { columns } = await session.csvShape(file, separator);
  return columns.map((column) => guessColumn(column.name, factsOf(column), hints?.schema));
}

function factsOf({ texts, empties, words, quoted, suspects, ...all }: CsvColumn): CellFacts {
  const exact = suspects.every((text) => numberFromText(text) !== undefined);
  return {
    texts,
    hasEmpty: empties > 0,
    hasWord: words > 0,
    quoted,
    booleans: () => all.booleans,
    numbers: () => all.numbers && exact,
    integers: () => all.integers,
    json: () => all.json,
    nested: () => all.nested,
    someNested: () => all.someNested,
  };
}

async function unpack(session: EngineSession, file: string, target: string): Promise<void> {
  const { portions } = await new ParquetFile(session).table(file);
  await pipeline(textOf(portions), createWriteStream(target, { mode: 0o600, flags: 'wx' }));
}

async function* textOf(portions: AsyncIterable<readonly Row[]>): AsyncGenerator<string, void, void> {
  let length = 0;
  for await (const rows of portions) {
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    length += text.length;
    if (length > UNPACKED_MAX)
      throw new AppError('too_large', `Cannot take Parquet that unpacks to more than ${UNPACKED_MAX} bytes. Split it.`);
    yield text;
  }
}
