// Bytes on their way: counted and hashed as they pass, so that nothing has to be read twice or held as a whole.
import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform, type TransformCallback } from 'node:stream';
import { AppError } from '@labmesh/contracts';
import type { BlobRef, BlobSource, PutOptions } from './blob-store.js';

/** Passes on what it is given; `ref` is there after the last of it. */
export class CheckedBytes {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(private readonly options: PutOptions) {}

  /** @throws AppError too_large at the first byte above the limit, cancelled */
  async *of(source: BlobSource): AsyncGenerator<Uint8Array> {
    const { bytesMax = Number.MAX_SAFE_INTEGER, signal } = this.options;
    refuseAborted(signal);
    for await (const chunk of source) {
      refuseAborted(signal);
      this.#bytes += chunk.byteLength;
      if (this.#bytes > bytesMax)
        throw new AppError('too_large', `Cannot store more than ${bytesMax} bytes here. Split the content.`);
      this.#hash.update(chunk);
      yield chunk;
    }
    refuseAborted(signal);
  }

  /** @throws AppError invalid_input for another checksum than was expected */
  end(): BlobRef {
    const sha256 = this.#hash.digest('hex');
    const expected = this.options.sha256;
    if (expected !== undefined && expected !== sha256)
      throw new AppError(
        'invalid_input',
        `Cannot store the content: its SHA-256 is ${sha256}, and ${expected} was expected. It was changed on its way; send it again.`,
      );
    return { sha256, bytes: this.#bytes };
  }
}

export function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new AppError('cancelled', 'Gave up the content: the caller went away.', { cause: signal.reason });
}

/** The same bytes. It gives the last of them only when all were what the hash says; else it ends in an error. */
export function verified(source: Readable, sha256: string): Readable {
  const out = new VerifiedBytes(sha256);
  // What fails here shows at `out`; a reader that goes away closes the source.
  pipeline(source, out, () => undefined);
  return out;
}

class VerifiedBytes extends Transform {
  readonly #hash = createHash('sha256');
  #held: Buffer | undefined;

  constructor(private readonly sha256: string) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#hash.update(chunk);
    const before = this.#held;
    this.#held = chunk;
    done(null, before);
  }

  override _flush(done: TransformCallback): void {
    if (this.#hash.digest('hex') === this.sha256) done(null, this.#held);
    else done(damaged(this.sha256));
  }
}

const damaged = (sha256: string): AppError =>
  new AppError(
    'internal',
    `The stored content ${sha256} is damaged: its bytes have another checksum. Restore it from a backup, or store the same content again.`,
  );
