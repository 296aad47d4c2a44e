// Reads complete chunks from the place for bytes: only the part that is wanted, found by the index at a chunk's end.
import type { BlobStore, ByteRange } from '@labmesh/blobs';
import { boundedCache } from '@labmesh/runtime';
import { type LogMark, marksIn, SEAL_BYTES_MAX } from './chunk-index.js';
import type { KeptChunk } from './log-chunks.repository.js';
import { bytesToRead, type LogSlice, markBefore } from './log-slice.js';

/** Indexes that are remembered; one is about 130 marks. */
const INDEXES_MAX = 500;

export class KeptChunks {
  readonly #indexes = boundedCache<readonly LogMark[]>(INDEXES_MAX);

  constructor(private readonly store: BlobStore) {}

  async marks({ sha256, size }: KeptChunk): Promise<readonly LogMark[]> {
    const known = this.#indexes.get(sha256);
    if (known !== undefined) return known;
    const marks = marksIn(await this.#read(sha256, { start: Math.max(0, size - SEAL_BYTES_MAX), end: size - 1 }));
    this.#indexes.set(sha256, marks);
    return marks;
  }

  /** From the mark before a place in the chunk on, so many bytes of the job or more; fewer where the chunk ends. */
  async slice(chunk: KeptChunk, place: number, wanted: number): Promise<LogSlice> {
    const mark = markBefore(await this.marks(chunk), place);
    if (mark === undefined) throw new Error(`The chunk ${chunk.sha256} of a log does not reach back to ${place}`);
    const end = Math.min(chunk.size, mark.offset + bytesToRead(wanted)) - 1;
    const frames = await this.#read(chunk.sha256, { start: mark.offset, end });
    return { place: mark.place, stdout: mark.stdout, frames };
  }

  async #read(sha256: string, range: ByteRange): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of await this.store.read(sha256, range)) parts.push(part as Buffer);
    return Buffer.concat(parts);
  }
}
