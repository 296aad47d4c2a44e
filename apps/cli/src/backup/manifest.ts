// What a backup says of itself: which lab at which instant, and the checksum of everything in it. Pure descriptions.
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

/** Raised when an older command could not read what a newer one wrote. */
const FORMAT_VERSION = 1;
const FORMAT = 'labmesh-backup';

/** Names within the archive, in the order they have there; content and tables lie between the first and the keys. */
export const HEADER = 'backup.json';
export const KEYS = 'keys.json';
export const MANIFEST = 'manifest.json';
export const SEAL = 'seal.json';
export const BLOBS = 'blobs/';
export const TABLES = 'tables/';
const TABLE_END = '.ndjson.gz';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.int().min(0);

export const Header = z.object({
  format: z.literal(FORMAT),
  version: z.int(),
  id: z.string().regex(/^bak_[0-9a-f-]{36}$/),
  /** The instant that all rows are of. */
  takenAt: z.iso.datetime(),
  /** Version of LabMesh that made it. */
  labmesh: z.string(),
  database: z.enum(['embedded', 'postgres']),
  migrations: z.array(z.object({ name: z.string(), checksum: Sha256 })),
});
export type Header = z.output<typeof Header>;

/** Of a table's file: what the lines after it are. */
export interface TableHead {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

export const TableEntry = z.object({
  /** `schema.table` */
  name: z.string(),
  rows: Count,
  /** Of the rows, a line each, in the order of their keys: the same for the same rows in any database. */
  sha256: Sha256,
});
export type TableEntry = z.output<typeof TableEntry>;

export const Named = z.object({ agent: z.string(), sha256: Sha256 });
export type Named = z.output<typeof Named>;

export const Manifest = z.object({
  ...Header.shape,
  entries: z.array(z.object({ name: z.string(), bytes: Count, sha256: Sha256 })),
  tables: z.array(TableEntry),
  sequences: z.array(z.object({ sql: z.string(), last: z.string(), called: z.boolean() })),
  blobs: z.object({
    count: Count,
    bytes: Count,
    /** Of their names and sizes, a line each, in the order of the archive. */
    sha256: Sha256,
    /** That rows name and that were not there to be taken along. */
    missing: z.array(Named),
  }),
  keys: z.enum(['sealed', 'left out']),
});
export type Manifest = z.output<typeof Manifest>;

export const Seal = z.object({
  manifestSha256: Sha256,
  /** Of the manifest, under a key of the passphrase: whoever does not have it cannot write another manifest. */
  mac: z.string().optional(),
});
export type Seal = z.output<typeof Seal>;

export const newHeader = (facts: Omit<Header, 'format' | 'version'>): Header => ({
  format: FORMAT,
  version: FORMAT_VERSION,
  ...facts,
});

export const blobEntry = ({ agent, sha256 }: Named): string => `${BLOBS}${agent}/${sha256}`;
export const tableEntry = (name: string): string => `${TABLES}${name}${TABLE_END}`;
export const tableOf = (entry: string): string => entry.slice(TABLES.length, -TABLE_END.length);
export const blobLine = (entry: string, bytes: number): string => `${entry} ${bytes}\n`;

/** @throws AppError conflict */
export function blobOf(entry: string): Named {
  const [agent, sha256] = entry.slice(BLOBS.length).split('/');
  const { data } = Named.safeParse({ agent, sha256 });
  if (data === undefined) throw damaged(`it has an entry ${entry}, which no backup has`);
  return data;
}

/** @throws AppError unsupported_format for what is no backup, conflict for one of a newer form */
export function headerIn(bytes: Buffer): Header {
  const found = parsed(bytes) as { format?: unknown; version?: unknown } | undefined;
  if (found?.format !== FORMAT) throw notABackup();
  if (found.version !== FORMAT_VERSION)
    throw new AppError(
      'conflict',
      `Cannot read this backup: its form is version ${String(found.version)}, and this command reads ${FORMAT_VERSION}. Use the LabMesh that made it, or a later one.`,
    );
  return checked(Header, bytes, HEADER);
}

/** @throws AppError conflict */
export function checked<T extends z.ZodType>(schema: T, bytes: Buffer, entry: string): z.output<T> {
  const { data, error } = schema.safeParse(parsed(bytes));
  if (error !== undefined) throw damaged(`${entry} is not what it should be`);
  return data as z.output<T>;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

export const notABackup = (): AppError =>
  new AppError(
    'unsupported_format',
    'This file is no backup of a lab: give one that "npx @labmesh/cli backup" has written.',
  );

export const damaged = (why: string): AppError =>
  new AppError('conflict', `The backup is damaged or was changed: ${why}. Use another copy of it.`);
