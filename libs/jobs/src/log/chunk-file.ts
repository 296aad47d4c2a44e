// One chunk of a log on this machine's disk, from its first frame until it is stored elsewhere. One process writes to it.
import { type FileHandle, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { accountOf, ChunkAccount, headOf, type LogPlace, sealOf } from './chunk-index.js';
import { type Frame, frameOf } from './frame.js';
import { bytesToRead, type LogSlice, markBefore, trimmed } from './log-slice.js';

/** Named by the place where it begins, so that names sort as chunks follow each other. */
const nameOf = ({ place }: LogPlace): string => `${String(place).padStart(15, '0')}.log`;
export const isChunkName = (name: string): boolean => /^\d{15}\.log$/.test(name);

export class ChunkFile {
  #sealed: boolean;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    readonly account: ChunkAccount,
    sealed: boolean,
  ) {
    this.#sealed = sealed;
  }

  static async create(folder: string, start: LogPlace, at: number): Promise<ChunkFile> {
    const path = join(folder, nameOf(start));
    const file = await open(path, 'w+', 0o600);
    const head = headOf(start, at);
    await file.write(head, 0, head.length, 0);
    return new ChunkFile(path, file, new ChunkAccount(start, at, head.length), false);
  }

  /** What an earlier process left; without what it did not write to the end. Undefined when there is nothing in it. */
  static async recover(path: string): Promise<ChunkFile | undefined> {
    const found = accountOf(await readFile(path));
    if (found === undefined) {
      await unlink(path);
      return undefined;
    }
    const file = await open(path, 'r+');
    if (!found.sealed) await file.truncate(found.account.bytes);
    return new ChunkFile(path, file, found.account, found.sealed);
  }

  get sealed(): boolean {
    return this.#sealed;
  }

  async append(frames: readonly Frame[]): Promise<void> {
    const bytes = Buffer.concat(frames.map(frameOf));
    await this.#write(bytes, this.account.bytes);
    for (const frame of frames) this.account.add(frame);
  }

  /** Nothing comes behind it any more. */
  async seal(): Promise<void> {
    if (this.#sealed) return;
    await this.#write(sealOf(this.account.marks, this.account.lastAt), this.account.bytes);
    this.#sealed = true;
  }

  /** From the mark before a place on, so many bytes of the job or more; fewer where the chunk ends. */
  async slice(place: number, wanted: number): Promise<LogSlice | undefined> {
    const mark = markBefore(this.account.marks, place);
    if (mark === undefined) return undefined;
    const length = Math.min(bytesToRead(wanted), this.account.bytes - mark.offset);
    const frames = Buffer.allocUnsafe(length);
    const { bytesRead } = await this.file.read(frames, 0, length, mark.offset);
    return trimmed({ place: mark.place, stdout: mark.stdout, frames: frames.subarray(0, bytesRead) }, place, wanted);
  }

  /** Waits for reads under way. */
  close(): Promise<void> {
    return this.file.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await unlink(this.path);
  }

  async #write(bytes: Buffer, at: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
  }
}
