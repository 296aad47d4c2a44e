// When credentials were last used, written behind: whoever shows a credential does not wait for it. Of a process that dies, the
// uses of its last second are not noted.

import { boundedCache, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CredentialsRepository, type StoredCredential } from './credentials.repository.js';

const GATHER_MS = 1_000;
/** A use is noted this exact; finer would cost a write per call. */
const STEP_MS = 60_000;

@Injectable()
export class LastUses implements OnModuleDestroy {
  #used = new Map<string, number>();
  /** When each was noted last, for those whose row was not read. */
  readonly #noted = boundedCache<number>(10_000);
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  note({ id, lastUsedAt }: Pick<StoredCredential, 'id' | 'lastUsedAt'>, nowMs: number): void {
    const lastMs = Math.max(lastUsedAt?.getTime() ?? 0, this.#noted.get(id) ?? 0);
    if (lastMs > nowMs - STEP_MS) return;
    this.#noted.set(id, nowMs);
    this.#used.set(id, nowMs);
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }

  /** Writes what was noted. Never throws: what a credential was last used for is not worth a failure. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const used = this.#used;
    this.#used = new Map();
    try {
      if (used.size > 0) await this.credentials.markUsed(used);
    } catch (error) {
      this.log.warn({ err: error, credentials: used.size }, 'the last use of credentials could not be noted');
    }
  }

  onModuleDestroy(): Promise<void> {
    return this.flush();
  }
}
