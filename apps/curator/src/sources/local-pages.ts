// Streams of files and databases: read at once, handed on in pages. What happens to them on the way is the kinds' own business.
import { readRows } from '../formats/codec.js';
import type { Row } from '../rows.js';
import { allowedFile, readAllowed } from './allowed-files.js';
import type { FileManifest, SqliteManifest } from './manifest.js';
import type { FileStream, SqlStream } from './manifest-streams.js';
import { sqliteRows } from './sqlite.js';
import type { PageSource } from './stream-pages.js';

const ROWS_A_PAGE = 5_000;

/** A stream that is read at once: a state says how many rows were handed on. */
export function wholePages(read: () => Promise<readonly Row[]>): PageSource {
  let all: Promise<readonly Row[]> | undefined;
  return {
    shifts: false,
    loops: false,
    first: () => ({ kind: 'number', at: 0 }),
    async read(state) {
      all ??= read();
      const rows = await all;
      const from = state.kind === 'number' ? state.at : 0;
      const to = from + ROWS_A_PAGE;
      return {
        rows: rows.slice(from, to),
        total: rows.length,
        next: to < rows.length ? { kind: 'number', at: to } : undefined,
      };
    },
  };
}

export const filePages = (
  manifest: FileManifest,
  stream: FileStream,
  { allowed, bytesMax }: { allowed: readonly string[]; bytesMax: number },
): PageSource =>
  wholePages(async () => {
    const path = await allowedFile(stream.path, { folder: manifest.folder, allowed });
    return (await readRows(stream.format, await readAllowed(path, bytesMax), { schema: stream.schema })).rows;
  });

export const sqlitePages = (
  manifest: SqliteManifest,
  stream: SqlStream,
  { allowed, signal }: { allowed: readonly string[]; signal: AbortSignal },
): PageSource =>
  wholePages(async () =>
    sqliteRows({
      file: await allowedFile(manifest.file, { allowed }),
      query: stream.query,
      timeoutMs: stream.timeout,
      signal,
    }),
  );
