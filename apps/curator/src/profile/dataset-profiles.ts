// Profiles of datasets for a wallet: as data for programs, as a few words for models, as a picture for people.
import {
  AppError,
  type Call,
  type curatorParts,
  imageBlock,
  type ToolInput,
  type ToolOutput,
  textBlock,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DatasetReader } from '../datasets/dataset-reader.js';
import { DatasetTables } from '../engine/dataset-tables.js';
import { ENGINE, type Engine } from '../engine/engine.js';
import { isOutOfMemory } from '../engine/engine-errors.js';
import { type EngineSession, quoteText } from '../engine/engine-session.js';
import { ISO_TIME } from '../engine/iso-time-macro.js';
import { METADATA_KEY, ParquetMetadata } from '../formats/parquet-metadata.js';
import type { Column } from '../schemas/columns.js';
import { type ColumnProfile, profileColumn } from './column-profile.js';
import { profileSvg } from './profile-svg.js';

type Profile = (typeof curatorParts.analysis)['profile_dataset'];

const LIMIT_MS = 5 * 60_000;
/** Columns that a refusal names. */
const COLUMNS_TOLD = 40;

interface Found {
  readonly rows: number;
  /** Rows that are there before, all columns alike. */
  readonly duplicates: number;
  readonly columns: readonly ColumnProfile[];
}

@Injectable()
export class DatasetProfiles {
  constructor(
    @Inject(DatasetReader) private readonly reader: DatasetReader,
    @Inject(DatasetTables) private readonly tables: DatasetTables,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  async profile(
    { datasetId, version, columns, picture }: ToolInput<Profile>,
    call: Call,
  ): Promise<ToolOutput<Profile>> {
    const record = await this.reader.find(datasetId, call, version);
    const found = await this.tables.using([record], ([file = '']) => {
      const task = { who: call.principal.walletId, limitMs: LIMIT_MS, signal: call.signal, files: [file] };
      return this.engine
        .run(task, (session) => profileOf(session, file, columns))
        .catch((thrown: unknown) => {
          throw isOutOfMemory(thrown) ? tooWide(thrown) : thrown;
        });
    });
    const svg = picture ? [imageBlock('image/svg+xml', Buffer.from(profileSvg({ name: record.name, ...found })))] : [];
    return {
      content: [textBlock(wordsOf(record.name, found)), ...svg],
      structured: { datasetId, ...found, columns: [...found.columns] },
    };
  }
}

const tooWide = (cause: unknown): AppError =>
  new AppError(
    'too_large',
    'Cannot profile the dataset: it takes more memory than there is for it. Ask SQL about the columns that matter.',
    { cause },
  );

async function profileOf(session: EngineSession, file: string, wanted: readonly string[] | undefined): Promise<Found> {
  await session.run(ISO_TIME);
  // A view of it would be planned with all of its columns each time.
  const table = `read_parquet(${quoteText(file)})`;
  const { names, types } = await session.stream(`SELECT * FROM ${table} LIMIT 0`);
  const own = await ownColumns(session, file);
  refuseUnknown(wanted, own?.map(({ name }) => name) ?? names);
  const columns: ColumnProfile[] = [];
  for (const [index, name] of names.entries()) {
    const type = types[index];
    // The column that stands in for none is not one.
    const isReal = own === undefined || own.some((column) => column.name === name);
    if (type === undefined || !isReal || (wanted !== undefined && !wanted.includes(name))) continue;
    columns.push(await profileColumn(session, { table, name, type, own: own?.find((column) => column.name === name) }));
  }
  const [counts] = await session.all(
    `SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT * FROM ${table})) FROM ${table}`,
  );
  const rows = Number(counts?.[0] ?? 0);
  return { rows, duplicates: rows - Number(counts?.[1] ?? 0), columns };
}

function refuseUnknown(wanted: readonly string[] | undefined, names: readonly string[]): void {
  const unknown = wanted?.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new AppError(
    'invalid_input',
    `Cannot profile the column "${unknown.slice(0, 100)}": the dataset has none of that name. It has ${names.slice(0, COLUMNS_TOLD).join(', ')}${names.length > COLUMNS_TOLD ? ', and more' : ''}.`,
  );
}

async function ownColumns(session: EngineSession, file: string): Promise<readonly Column[] | undefined> {
  const [own] = await session.all(
    `SELECT decode(value) FROM parquet_kv_metadata(${quoteText(file)}) WHERE decode(key) = ${quoteText(METADATA_KEY)}`,
  );
  return typeof own?.[0] === 'string' ? ParquetMetadata.parse(JSON.parse(own[0])).columns : undefined;
}

function wordsOf(name: string, { rows, duplicates, columns }: Found): string {
  const lines = columns.map(({ name: column, type, nulls, missing, distinct, min, max }) => {
    const gaps = nulls + missing === 0 ? '' : `, ${nulls} null, ${missing} missing`;
    return `- ${column} (${type}): ${distinct} different${gaps}${min === null ? '' : `, ${String(min)} to ${String(max)}`}`;
  });
  return [`${name}: ${rows} rows, ${duplicates} doubles, ${columns.length} columns.`, ...lines].join('\n');
}
