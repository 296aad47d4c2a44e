// Reads a backup from its first byte to its last and compares everything with what its manifest says. It needs no lab, writes
// nothing, and holds names, never content.
import { createHash, type Hash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '@labmesh/contracts';
import { type ArchiveEntry, archiveEntries, type ReaderOptions } from './archive-reader.js';
import { type SealedSigningKey, signingKeysOf } from './lab-seals.js';
import {
  BLOBS,
  blobLine,
  blobOf,
  checked,
  damaged,
  HEADER,
  type Header,
  headerIn,
  KEYS,
  MANIFEST,
  Manifest,
  notABackup,
  SEAL,
  Seal,
  TABLES,
  type TableEntry,
  type TableHead,
  tableOf,
} from './manifest.js';
import { isMacOf, keysOf, type LabKeys, openKeys, SealedKeys } from './sealed-keys.js';
import { namesOf } from './spool.js';

/** What the command reads whole into memory. */
const SMALL_BYTES_MAX = 64 * 1024 * 1024;

export interface VerifiedBackup {
  readonly manifest: Manifest;
  /** `agent/sha256` of all content. */
  readonly content: ReadonlySet<string>;
  readonly sealedKeys: SealedKeys | undefined;
  /** What the lab signs with, as it is sealed: its master key opens it. */
  readonly signing: readonly SealedSigningKey[];
  /** Opens the keys, and proves by the same passphrase that nobody else wrote the manifest. @throws AppError */
  open(passphrase: string): Promise<LabKeys>;
}

/** @throws AppError conflict saying what is wrong; not_found, invalid_input, unsupported_format, cancelled */
export async function verifyBackup(options: ReaderOptions): Promise<VerifiedBackup> {
  const check = new BackupCheck();
  for await (const entry of archiveEntries(options)) await check.take(entry);
  return check.end();
}

class BackupCheck {
  readonly #seen = new Map<string, { bytes: number; sha256: string }>();
  readonly #small = new Map<string, Buffer>();
  readonly #tables: TableEntry[] = [];
  readonly #content = new Set<string>();
  readonly #named = new Set<string>();
  readonly #signing: SealedSigningKey[] = [];
  readonly #list = createHash('sha256');
  #header: Header | undefined;
  #contentBytes = 0;
  #over = false;

  async take(entry: ArchiveEntry): Promise<void> {
    const { name } = entry;
    if (this.#header === undefined && name !== HEADER) throw notABackup();
    if (this.#over) throw damaged(`${name} comes after its end`);
    if (name.startsWith(BLOBS)) return this.#takeContent(entry);
    if (this.#seen.has(name)) throw damaged(`${name} is in it twice`);
    if (name.startsWith(TABLES)) return this.#takeTable(entry);
    if (![HEADER, KEYS, MANIFEST, SEAL].includes(name)) throw damaged(`it has an entry ${name}, which no backup has`);
    const bytes = await wholeOf(entry);
    this.#small.set(name, bytes);
    this.#seen.set(name, { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    if (name === HEADER) this.#header = headerIn(bytes);
    this.#over = name === SEAL;
  }

  end(): VerifiedBackup {
    const [manifestBytes, sealBytes] = [this.#small.get(MANIFEST), this.#small.get(SEAL)];
    if (this.#header === undefined) throw notABackup();
    if (manifestBytes === undefined || sealBytes === undefined) throw damaged('its end is missing');
    const seal = checked(Seal, sealBytes, SEAL);
    if (this.#seen.get(MANIFEST)?.sha256 !== seal.manifestSha256) throw damaged('its manifest is not what was sealed');
    const manifest = checked(Manifest, manifestBytes, MANIFEST);
    this.#compare(manifest);
    const keysBytes = this.#small.get(KEYS);
    const sealedKeys = keysBytes === undefined ? undefined : checked(SealedKeys, keysBytes, KEYS);
    if ((sealedKeys !== undefined) !== (manifest.keys === 'sealed')) throw damaged('its keys are not as it says');
    return {
      manifest,
      content: this.#content,
      sealedKeys,
      signing: this.#signing,
      open: (passphrase) => opened(passphrase, { manifest, manifestBytes, sealedKeys, seal }),
    };
  }

  async #takeContent({ name, bytes, content }: ArchiveEntry): Promise<void> {
    const { agent, sha256 } = blobOf(name);
    const hash = createHash('sha256');
    for await (const chunk of content) hash.update(chunk);
    if (hash.digest('hex') !== sha256) throw damaged(`the content ${sha256} of the ${agent} is another`);
    this.#list.update(blobLine(name.slice(BLOBS.length), bytes));
    this.#content.add(`${agent}/${sha256}`);
    this.#contentBytes += bytes;
  }

  async #takeTable(entry: ArchiveEntry): Promise<void> {
    const file = createHash('sha256');
    const table = await readTable(
      { ...entry, content: hashed(entry.content, file) },
      (head) =>
        namesOf(head, ({ agent, sha256 }) => this.#named.add(`${agent}/${sha256}`)) ??
        signingKeysOf(head, (key) => this.#signing.push(key)),
    );
    this.#tables.push(table);
    this.#seen.set(entry.name, { bytes: entry.bytes, sha256: file.digest('hex') });
  }

  #compare(manifest: Manifest): void {
    const own = [MANIFEST, SEAL];
    for (const { name, bytes, sha256 } of manifest.entries) {
      const found = this.#seen.get(name);
      if (found === undefined) throw damaged(`${name} is missing`);
      if (found.bytes !== bytes || found.sha256 !== sha256) throw damaged(`${name} has another checksum`);
    }
    const listed = new Set([...manifest.entries.map(({ name }) => name), ...own]);
    for (const name of this.#seen.keys()) if (!listed.has(name)) throw damaged(`its manifest does not know ${name}`);
    if (JSON.stringify(manifest.tables) !== JSON.stringify(this.#tables)) throw damaged('its rows are others');
    const { count, bytes, sha256, missing } = manifest.blobs;
    if (this.#list.digest('hex') !== sha256 || this.#content.size !== count || this.#contentBytes !== bytes)
      throw damaged('its content is not all that its manifest lists');
    const lost = new Set(missing.map(({ agent, sha256: hash }) => `${agent}/${hash}`));
    for (const name of this.#named)
      if (!this.#content.has(name) && !lost.has(name)) throw damaged(`rows name the content ${name}, which is missing`);
  }
}

interface Sealed {
  readonly manifest: Manifest;
  readonly manifestBytes: Buffer;
  readonly sealedKeys: SealedKeys | undefined;
  readonly seal: Seal;
}

async function opened(passphrase: string, { manifest, manifestBytes, sealedKeys, seal }: Sealed): Promise<LabKeys> {
  if (sealedKeys === undefined) throw new AppError('not_found', 'This backup has no keys: they were left out of it.');
  const { sealing, signing } = await keysOf(passphrase, sealedKeys);
  const keys = openKeys(sealedKeys, manifest.id, sealing);
  if (seal.mac === undefined || !isMacOf(manifestBytes, signing, seal.mac))
    throw damaged('its manifest was written by somebody who does not have the passphrase');
  return keys;
}

async function wholeOf({ name, bytes, content }: ArchiveEntry): Promise<Buffer> {
  if (bytes > SMALL_BYTES_MAX) throw damaged(`${name} has ${bytes} bytes`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* hashed(content: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
}

/** The rows of a table, in batches of lines. The head comes first. @throws AppError conflict for what cannot be unpacked */
export async function* tableLines(entry: ArchiveEntry): AsyncGenerator<TableHead | string[]> {
  const packed = Readable.from(entry.content);
  const unpacked = createGunzip();
  packed.on('error', (error) => unpacked.destroy(error));
  packed.pipe(unpacked);
  let first = true;
  let lines: string[] = [];
  let chars = 0;
  try {
    for await (const line of createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (first) yield headOf(line, entry.name);
      else {
        lines.push(line);
        chars += line.length;
      }
      first = false;
      if (chars < BATCH_CHARS && lines.length < BATCH_LINES) continue;
      yield lines;
      lines = [];
      chars = 0;
    }
    if (unpacked.errored) throw unpacked.errored;
  } catch (error) {
    throw error instanceof AppError ? error : damaged(`${entry.name} cannot be unpacked`);
  }
  if (lines.length > 0) yield lines;
}

const BATCH_LINES = 1_000;
const BATCH_CHARS = 1024 * 1024;

function headOf(line: string, entry: string): TableHead {
  try {
    const head = JSON.parse(line) as TableHead;
    if (`${head.schema}.${head.name}` === tableOf(entry)) return head;
  } catch {
    // Told below.
  }
  throw damaged(`${entry} does not begin as it should`);
}

async function readTable(
  entry: ArchiveEntry,
  reader: (head: TableHead) => ((line: string) => void) | undefined,
): Promise<TableEntry> {
  const hash = createHash('sha256');
  let rows = 0;
  let note: ((line: string) => void) | undefined;
  for await (const part of tableLines(entry)) {
    if (!Array.isArray(part)) {
      note = reader(part);
      continue;
    }
    rows += part.length;
    hash.update(`${part.join('\n')}\n`);
    if (note !== undefined) for (const line of part) note(line);
  }
  return { name: tableOf(entry.name), rows, sha256: hash.digest('hex') };
}
