// The rows of a lab, table by table, in compressed files of this machine: the snapshot is held for as long as writing them takes,
// and a table's size is known before it is put into the archive. Nothing of it stays.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AppError } from '@labmesh/contracts';
import { refuseAborted } from './archive-writer.js';
import type { AppliedMigration, DumpPart, SequenceState } from './carried.repository.js';
import { type SealedSigningKey, signingKeysOf } from './lab-seals.js';
import { type Named, Named as NamedSchema, type TableEntry, type TableHead } from './manifest.js';

export interface SpooledTable extends TableEntry {
  readonly path: string;
  /** Of the compressed file. */
  readonly bytes: number;
}

export interface Spooled {
  readonly takenAt: string;
  readonly migrations: readonly AppliedMigration[];
  readonly tables: readonly SpooledTable[];
  readonly sequences: readonly SequenceState[];
  /** What the rows name, each content once, with the size they say. */
  readonly named: ReadonlyMap<string, Named & { readonly bytes: number }>;
  /** What the lab signs with, as it is sealed. */
  readonly signing: readonly SealedSigningKey[];
}

/** Where agents write down which content is theirs. */
const NAMES_CONTENT = 'blobs';

export class Spool implements AsyncDisposable {
  private constructor(private readonly folder: string) {}

  /** @param beside a path in whose folder there is room for a backup */
  static async open(beside: string): Promise<Spool> {
    return new Spool(await mkdtemp(`${beside}.rows-`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** @throws AppError conflict for a dump that is not whole, cancelled */
  async take(parts: AsyncIterable<DumpPart>, signal: AbortSignal): Promise<Spooled> {
    let start: Extract<DumpPart, { kind: 'start' }> | undefined;
    let sequences: readonly SequenceState[] | undefined;
    let open: OpenTable | undefined;
    const tables: SpooledTable[] = [];
    const named = new Map<string, Named & { bytes: number }>();
    const signing: SealedSigningKey[] = [];
    try {
      for await (const part of parts) {
        refuseAborted(signal);
        if (part.kind === 'start') start = part;
        else if (part.kind === 'rows') await open?.rows(part.lines);
        else {
          if (open !== undefined) tables.push(await open.end());
          open = undefined;
        }
        if (part.kind === 'table')
          open = new OpenTable(join(this.folder, String(tables.length)), part.table, { named, signing });
        if (part.kind === 'end') sequences = part.sequences;
      }
    } finally {
      open?.destroy();
    }
    if (start === undefined || sequences === undefined)
      throw new AppError('conflict', 'The rows of the lab did not come to their end. Try again.');
    return { takenAt: start.takenAt, migrations: start.migrations, tables, sequences, named, signing };
  }
}

export const contentOf = ({ path }: SpooledTable): AsyncIterable<Uint8Array> => createReadStream(path);

class OpenTable {
  readonly #gzip = createGzip({ level: 3 });
  readonly #hash = createHash('sha256');
  readonly #writing: Promise<void>;
  readonly #note: ((line: string) => void) | undefined;
  #rows = 0;

  constructor(
    private readonly path: string,
    private readonly head: TableHead,
    { named, signing }: { named: Map<string, Named & { bytes: number }>; signing: SealedSigningKey[] },
  ) {
    this.#writing = pipeline(this.#gzip, createWriteStream(path, { mode: 0o600 }));
    this.#writing.catch(() => undefined); // told by `end`, or by the next write
    this.#note =
      namesOf(head, (one) => named.set(`${one.agent}/${one.sha256}`, one)) ??
      signingKeysOf(head, (key) => signing.push(key));
    this.#gzip.write(`${JSON.stringify(head)}\n`);
  }

  async rows(lines: readonly string[]): Promise<void> {
    const text = `${lines.join('\n')}\n`;
    this.#hash.update(text);
    this.#rows += lines.length;
    if (this.#note !== undefined) for (const line of lines) this.#note(line);
    if (!this.#gzip.write(text)) await Promise.race([once(this.#gzip, 'drain'), this.#writing]);
  }

  async end(): Promise<SpooledTable> {
    this.#gzip.end();
    await this.#writing;
    const { schema, name } = this.head;
    const { size } = await stat(this.path);
    return {
      name: `${schema}.${name}`,
      rows: this.#rows,
      sha256: this.#hash.digest('hex'),
      path: this.path,
      bytes: size,
    };
  }

  destroy(): void {
    this.#gzip.destroy();
  }
}

/** Reads of a row which content it names; undefined for a table that names none. */
export function namesOf(
  { schema, name, columns }: TableHead,
  tell: (named: Named & { bytes: number }) => void,
): ((line: string) => void) | undefined {
  const [hash, bytes] = [columns.indexOf('sha256'), columns.indexOf('bytes')];
  if (name !== NAMES_CONTENT || hash === -1 || bytes === -1) return undefined;
  return (line) => {
    const row = JSON.parse(line) as Array<string | null>;
    tell({ ...NamedSchema.parse({ agent: schema, sha256: row[hash] }), bytes: Number(row[bytes]) });
  };
}
