// Writes an archive (tar) beside its place, and puts it there when all of it is on the disk: whole or not at all. It holds no more
// than what is on its way, and knows nothing of what it writes.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { AppError } from '@labmesh/contracts';
import { type Pack, pack } from 'tar-stream';

export interface Written {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface WriterOptions {
  readonly path: string;
  /** Puts it in the place of a file that is there. */
  readonly replace: boolean;
  readonly signal: AbortSignal;
}

/** Archives of the same content are the same but for what the content says. */
const FORM = { mode: 0o600, mtime: new Date(0), uid: 0, gid: 0 } as const;

export class ArchiveWriter {
  readonly #pack: Pack = pack();
  readonly #failed = new AbortController();
  readonly #writing: Promise<void>;
  #bytes = 0;

  private constructor(
    private readonly file: FileHandle,
    private readonly part: string,
    private readonly options: WriterOptions,
  ) {
    this.#writing = this.#drain();
    this.#writing.catch((error: unknown) => this.#failed.abort(error));
  }

  /** @throws AppError conflict when the file is there and shall stay, invalid_input when it cannot be written */
  static async open(options: WriterOptions): Promise<ArchiveWriter> {
    const { path, replace } = options;
    if (!replace && (await isThere(path))) throw taken(path);
    const part = `${path}.part`;
    try {
      return new ArchiveWriter(await open(part, 'w', 0o600), part, options);
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  /** Bytes of the archive that are written. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param bytes of the content, which must be right. @throws AppError cancelled; whatever `content` throws */
  async add(name: string, bytes: number, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Written> {
    const hash = createHash('sha256');
    const entry = this.#pack.entry({ name, size: bytes, ...FORM });
    entry.on('error', () => undefined); // a failure is told by the file, or by the content
    let seen = 0;
    for await (const chunk of content) {
      this.#refuseOver();
      hash.update(chunk);
      seen += chunk.byteLength;
      if (seen > bytes) break;
      if (!entry.write(chunk)) await this.#unlessFailed(once(entry, 'drain', { signal: this.#failed.signal }));
    }
    if (seen !== bytes)
      throw new AppError('conflict', `Cannot back up ${name}: it has other than the ${bytes} bytes it had. Try again.`);
    entry.end(null);
    return { name, bytes, sha256: hash.digest('hex') };
  }

  /** Everything is on the disk, and the file has its name. */
  async finish(): Promise<void> {
    this.#pack.finalize();
    await this.#writing;
    this.#refuseOver();
    await this.file.sync();
    await this.file.close();
    const { path, replace } = this.options;
    if (replace) return rename(this.part, path);
    try {
      await link(this.part, path); // unlike a renaming, it never takes another's place
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw taken(path);
      return rename(this.part, path); // a file system that knows no second names
    }
    await rm(this.part);
  }

  /** Leaves nothing. Safe after `finish`, too. */
  async discard(): Promise<void> {
    this.#pack.destroy();
    await this.#writing.catch(() => undefined);
    await this.file.close().catch(() => undefined);
    await rm(this.part, { force: true });
  }

  async #drain(): Promise<void> {
    for await (const chunk of this.#pack as unknown as AsyncIterable<Uint8Array>) {
      await this.file.appendFile(chunk).catch((cause: unknown) => {
        throw cannotWrite(this.options.path, cause);
      });
      this.#bytes += chunk.byteLength;
    }
  }

  async #unlessFailed(waiting: Promise<unknown>): Promise<void> {
    await waiting.catch((error: unknown) => {
      throw this.#failed.signal.aborted ? this.#failed.signal.reason : error;
    });
  }

  #refuseOver(): void {
    if (this.#failed.signal.aborted) throw this.#failed.signal.reason;
    refuseAborted(this.options.signal);
  }
}

/** @throws AppError cancelled */
export function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('cancelled', 'Cancelled.', { cause: signal.reason });
}

const isThere = (path: string): Promise<boolean> =>
  open(path, 'r').then(
    async (file) => {
      await file.close();
      return true;
    },
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );

const taken = (path: string): AppError =>
  new AppError('conflict', `Cannot write ${path}: it is there already. Give another name, or --force to replace it.`);

const cannotWrite = (path: string, cause: unknown): AppError =>
  new AppError('invalid_input', `Cannot write ${path}: ${(cause as Error).message}`, { cause });
