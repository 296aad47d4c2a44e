// Removes content that no row names, and what writers left behind. It may run anywhere and at any time, several at once too:
// it looks again under the lock that whoever names content takes.
import type { Database } from '@labmesh/db';
import type { BlobReferences } from './blob-references.repository.js';
import { tableOf } from './blob-references.repository.js';

export interface Collected {
  readonly contents: number;
  readonly bytes: number;
  readonly temporaries: number;
}

export interface CollectorOptions {
  readonly database: Database;
  readonly references: BlobReferences;
  /** Content younger than this is left: whoever put it may be about to name it. */
  readonly graceMs?: number;
  readonly temporaryMs?: number;
  /** Between two collections, whichever replica does them. */
  readonly everyMs?: number;
  /** Contents looked up in one statement. */
  readonly batch?: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BATCH = 500;

export class BlobCollector {
  readonly everyMs: number;
  readonly #graceMs: number;
  readonly #temporaryMs: number;

  constructor(private readonly options: CollectorOptions) {
    this.everyMs = options.everyMs ?? HOUR_MS;
    this.#graceMs = options.graceMs ?? HOUR_MS;
    this.#temporaryMs = options.temporaryMs ?? DAY_MS;
  }

  /** Collects when it is time to, and no other replica has begun to. Undefined when it has not. */
  async collectWhenDue(signal: AbortSignal): Promise<Collected | undefined> {
    const { database, references } = this.options;
    const began = await database.prisma.$executeRaw`
      INSERT INTO ${tableOf(references.agent, 'blob_upkeep')} AS upkeep (id, next_at)
      VALUES (1, now() + make_interval(secs => ${this.everyMs / 1_000}))
      ON CONFLICT (id) DO UPDATE SET next_at = excluded.next_at WHERE upkeep.next_at <= now()`;
    return began === 0 ? undefined : this.collect(signal);
  }

  /** @param signal ends it between two contents */
  async collect(signal?: AbortSignal): Promise<Collected> {
    const { store } = this.options.references;
    const temporaries = await store.sweep(new Date(Date.now() - this.#temporaryMs));
    let contents = 0;
    let bytes = 0;
    let batch: string[] = [];
    const work = async (): Promise<void> => {
      const sizes = await this.#removeUnnamed(batch, signal);
      contents += sizes.length;
      bytes += sizes.reduce((sum, size) => sum + size, 0);
      batch = [];
    };
    for await (const { sha256, modifiedAt } of store.list()) {
      if (signal?.aborted === true) break;
      if (this.#isYoung(modifiedAt)) continue;
      batch.push(sha256);
      if (batch.length === (this.options.batch ?? BATCH)) await work();
    }
    await work();
    return { contents, bytes, temporaries };
  }

  /** Answers how many bytes each had that is gone. */
  async #removeUnnamed(hashes: readonly string[], signal: AbortSignal | undefined): Promise<number[]> {
    if (hashes.length === 0) return [];
    const sizes: number[] = [];
    for (const sha256 of await this.options.references.unnamed(hashes)) {
      if (signal?.aborted === true) break;
      const size = await this.#remove(sha256);
      if (size !== undefined) sizes.push(size);
    }
    return sizes;
  }

  #remove(sha256: string): Promise<number | undefined> {
    const { database, references } = this.options;
    return database.prisma.$transaction(async (tx) => {
      await references.lock(tx, sha256);
      const found = await references.store.stat(sha256);
      if (found === undefined || this.#isYoung(found.modifiedAt)) return undefined;
      if ((await references.unnamed([sha256], tx)).length === 0) return undefined;
      await references.store.remove(sha256);
      return found.bytes;
    });
  }

  #isYoung(modifiedAt: Date): boolean {
    return modifiedAt.getTime() > Date.now() - this.#graceMs;
  }
}
