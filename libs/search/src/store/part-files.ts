// Parts in a folder, and one manifest that says which of them count. A manifest is replaced in one move, so whatever a crash cuts
// short, the folder is as it was at the last commit: what else lies there is removed at the next start. One process a folder.
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { MergeTarget } from '../merge-target.js';
import type { Part } from '../parts/part.js';
import { type ByteSource, FOOTER_BYTES } from '../parts/part-format.js';

/** What of node:fs is used; a test makes them fail. */
export type FileCalls = Pick<
  typeof nodeFs,
  | 'closeSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readdirSync'
  | 'readFileSync'
  | 'readSync'
  | 'renameSync'
  | 'rmSync'
  | 'writeSync'
>;

const MANIFEST = 'manifest.json';
const CHECK_BYTES = 1024 * 1024;
const SCRATCH_BYTES = 64 * 1024;

interface KeptPart {
  readonly shelf: string;
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  /** Numbers of removed documents. */
  readonly gone: readonly number[];
}

interface Manifest {
  /** How the parts were made; an index that is made otherwise cannot use them. */
  readonly made: string;
  readonly checkpoint: string;
  readonly parts: readonly KeptPart[];
}

export interface FoundPart {
  readonly shelf: string;
  readonly source: ByteSource;
  readonly gone: readonly number[];
}

export interface Opened {
  readonly files: PartFiles;
  /** What the last commit named; undefined when there is nothing to go on from. */
  readonly checkpoint: string | undefined;
  readonly parts: readonly FoundPart[];
  /** Why what lay there could not be used. */
  readonly lost: string | undefined;
}

type Place = Pick<KeptPart, 'file' | 'offset' | 'length'>;

export class PartFiles {
  readonly #open = new Map<string, number>();
  readonly #places = new Map<ByteSource, Place>();
  /** Files that a merge is writing. */
  readonly #unfinished = new Set<string>();
  #number: number;
  /** What was looked at last. */
  #scratch: Buffer = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

  private constructor(
    private readonly folder: string,
    private readonly made: string,
    private readonly fs: FileCalls,
  ) {
    fs.mkdirSync(folder, { recursive: true });
    const numbers = fs.readdirSync(folder).map((name) => Number(/^(\d+)\.parts$/.exec(name)?.[1] ?? 0));
    this.#number = Math.max(0, ...numbers);
  }

  /** @param made names the form of terms and fields: parts made otherwise are thrown away */
  static async open(folder: string, made: string, fs: FileCalls = nodeFs): Promise<Opened> {
    const files = new PartFiles(folder, made, fs);
    try {
      const { checkpoint, parts } = files.#readManifest() ?? {};
      const found: FoundPart[] = [];
      for (const { shelf, gone, ...place } of parts ?? [])
        found.push({ shelf, gone, source: await files.#checked(place) });
      files.#removeOthers();
      return { files, checkpoint, parts: found, lost: undefined };
    } catch (error) {
      files.close();
      files.#places.clear();
      fs.rmSync(join(folder, MANIFEST), { force: true });
      files.#removeOthers();
      return { files, checkpoint: undefined, parts: [], lost: error instanceof Error ? error.message : String(error) };
    }
  }

  /** A new file for one part. */
  target(): MergeTarget {
    const name = this.#newName();
    this.#unfinished.add(name);
    const descriptor = this.fs.openSync(join(this.folder, name), 'wx+');
    this.#open.set(name, descriptor);
    let length = 0;
    return {
      write: (bytes) => {
        this.#write(descriptor, bytes);
        length += bytes.length;
      },
      done: () => {
        this.fs.fsyncSync(descriptor);
        this.#unfinished.delete(name);
        return this.#sourceOf({ file: name, offset: 0, length });
      },
    };
  }

  /**
   * Makes what these shelves hold now what the next start finds, in one step. Parts that are in memory are written first.
   * @throws Error as the file system does; what was committed before then still counts
   */
  commit(shelves: ReadonlyMap<string, readonly Part[]>, checkpoint: string): void {
    this.#keepMemory([...shelves.values()].flat().filter((part) => !this.#places.has(part.source)));
    const parts = [...shelves].flatMap(([shelf, ofShelf]) =>
      ofShelf.flatMap((part): KeptPart[] => {
        const place = this.#places.get(part.source);
        return place === undefined ? [] : [{ shelf, ...place, gone: part.goneDocuments() }];
      }),
    );
    const written = join(this.folder, `${MANIFEST}.new`);
    const descriptor = this.fs.openSync(written, 'w');
    try {
      const text = JSON.stringify({ made: this.made, checkpoint, parts } satisfies Manifest);
      this.#write(descriptor, Buffer.from(`${crc32(text)} ${text}`));
      this.fs.fsyncSync(descriptor);
    } finally {
      this.fs.closeSync(descriptor);
    }
    this.fs.renameSync(written, join(this.folder, MANIFEST));
    this.#syncFolder();
    const used = new Set(parts.map(({ file }) => file));
    for (const [source, { file }] of this.#places) if (!used.has(file)) this.#places.delete(source);
    this.#removeOthers();
  }

  close(): void {
    for (const descriptor of this.#open.values()) this.fs.closeSync(descriptor);
    this.#open.clear();
  }

  /** Writes parts that are in memory into one new file, from which they are read afterwards. */
  #keepMemory(parts: readonly Part[]): void {
    if (parts.length === 0) return;
    const name = this.#newName();
    const descriptor = this.fs.openSync(join(this.folder, name), 'wx+');
    this.#open.set(name, descriptor);
    const places: { part: Part; place: Place }[] = [];
    let offset = 0;
    for (const part of parts) {
      const bytes = part.source.read(0, part.source.length);
      this.#write(descriptor, bytes);
      places.push({ part, place: { file: name, offset, length: bytes.length } });
      offset += bytes.length;
    }
    this.fs.fsyncSync(descriptor);
    for (const { part, place } of places) part.source = this.#sourceOf(place);
  }

  #readManifest(): Manifest | undefined {
    if (!this.fs.readdirSync(this.folder).includes(MANIFEST)) return undefined;
    const whole = this.fs.readFileSync(join(this.folder, MANIFEST), 'utf8');
    const text = whole.slice(whole.indexOf(' ') + 1);
    if (whole !== `${crc32(text)} ${text}`) throw new Error('the manifest is damaged');
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.made !== this.made) throw new Error('terms or fields are made in another way since');
    return manifest;
  }

  /** The bytes of a part, compared with its checksum once. Others have their turn meanwhile. */
  async #checked(place: Place): Promise<ByteSource> {
    const source = this.#sourceOf(place);
    let checksum = 0;
    const end = place.length - FOOTER_BYTES;
    for (let at = 0; at < end; at += CHECK_BYTES) {
      checksum = crc32(source.read(at, Math.min(CHECK_BYTES, end - at)), checksum);
      await othersTurn();
    }
    const footer = Buffer.from(source.read(end, FOOTER_BYTES));
    if (footer.readUInt32LE(FOOTER_BYTES - 4) !== checksum) throw new Error(`${place.file} is damaged`);
    return source;
  }

  #sourceOf(place: Place): ByteSource {
    const descriptor = this.#open.get(place.file) ?? this.fs.openSync(join(this.folder, place.file), 'r');
    this.#open.set(place.file, descriptor);
    const into = (bytes: Uint8Array, offset: number): Uint8Array => {
      const read = this.fs.readSync(descriptor, bytes, 0, bytes.length, place.offset + offset);
      if (read !== bytes.length) throw new Error(`${place.file} ends too early`);
      return bytes;
    };
    const source: ByteSource = {
      length: place.length,
      read: (offset, length) => into(Buffer.allocUnsafeSlow(length), offset),
      look: (offset, length) => {
        if (length > this.#scratch.length) this.#scratch = Buffer.allocUnsafeSlow(2 * length);
        return into(this.#scratch.subarray(0, length), offset);
      },
    };
    this.#places.set(source, place);
    return source;
  }

  #removeOthers(): void {
    const kept = new Set([MANIFEST, ...this.#unfinished, ...[...this.#places.values()].map(({ file }) => file)]);
    for (const name of this.fs.readdirSync(this.folder)) {
      if (kept.has(name) || !/^(\d+\.parts|manifest\.json\.new)$/.test(name)) continue;
      const descriptor = this.#open.get(name);
      if (descriptor !== undefined) this.fs.closeSync(descriptor);
      this.#open.delete(name);
      this.fs.rmSync(join(this.folder, name), { force: true });
    }
  }

  #write(descriptor: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += this.fs.writeSync(descriptor, bytes, at, bytes.length - at);
  }

  #syncFolder(): void {
    const descriptor = this.fs.openSync(this.folder, 'r');
    try {
      this.fs.fsyncSync(descriptor);
    } finally {
      this.fs.closeSync(descriptor);
    }
  }

  #newName(): string {
    this.#number += 1;
    return `${this.#number}.parts`;
  }
}
