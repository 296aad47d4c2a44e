// One request at a time writes to an upload, at whichever replica: a lock in the store that the replicas share. Who comes later asks
// the holder to let go, since a client that comes again has lost its first connection. A holder that is gone loses the lock by age,
// and one that was away so long gives up its request.
import { setTimeout as pause } from 'node:timers/promises';
import type { KeyValue, KeyValueEntry } from '@labmesh/bus';
import { UPLOAD_LOCK_MS } from '@labmesh/endpoint';
import { newId } from '@labmesh/runtime';
import type { Lock, Locker, RequestRelease } from '@tus/utils';
import { z } from 'zod';

export interface LockPace {
  /** The store forgets a lock that was not written for so long. */
  readonly heldMs: number;
  readonly lookEveryMs: number;
  /** How long somebody waits for the lock. */
  readonly waitMs: number;
}

const PACE: LockPace = { heldMs: UPLOAD_LOCK_MS, lookEveryMs: 200, waitMs: 15_000 };

const Held = z.object({
  /** Null once it was let go. */
  holder: z.string().nullable(),
  /** Somebody waits for it. */
  wanted: z.boolean(),
});
type Held = z.output<typeof Held>;

/** As tus servers say it. */
const LOCKED = { status_code: 423, body: 'Another request writes to this upload: come again in a moment' };

export class UploadLocks {
  constructor(
    private readonly store: KeyValue,
    private readonly pace: LockPace = PACE,
  ) {}

  /**
   * @param keyOf what the store knows an upload by
   * @param lost called when the request that holds the lock must end, as another may write by now
   */
  lockerFor(keyOf: (id: string) => string, lost: () => void): Locker {
    return { newLock: (id) => new UploadLock(this.store, keyOf(id), { ...this.pace, lost }) };
  }
}

class UploadLock implements Lock {
  readonly #me = newId();
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #released = false;
  /** When the store last took this lock as held, `performance.now()`. */
  #writtenAt = 0;

  constructor(
    private readonly store: KeyValue,
    private readonly key: string,
    private readonly options: LockPace & { readonly lost: () => void },
  ) {}

  /** @throws what the protocol has for a lock that cannot be had; AppError unavailable without a broker */
  async lock(stop: AbortSignal, release: RequestRelease): Promise<void> {
    const { lookEveryMs, waitMs } = this.options;
    for (let waited = 0; waited <= waitMs; waited += lookEveryMs) {
      stop.throwIfAborted();
      if (await this.#take()) {
        this.#again(release);
        return;
      }
      await pause(lookEveryMs, undefined, { signal: stop });
    }
    throw LOCKED;
  }

  /** What cannot be let go now is free by age. */
  async unlock(): Promise<void> {
    this.#released = true;
    clearTimeout(this.#timer);
    await this.#looking;
    try {
      for (let tries = 0; tries < 3; tries++) {
        const entry = await this.store.get(this.key);
        if (entry === undefined || heldIn(entry).holder !== this.#me) return;
        if ((await this.store.put(this.key, { holder: null, wanted: false }, entry.revision)) !== undefined) return;
      }
    } catch {
      // The store is away.
    }
  }

  async #take(): Promise<boolean> {
    const entry = await this.store.get(this.key);
    const held = entry === undefined ? undefined : heldIn(entry);
    if (entry !== undefined && held !== undefined && held.holder !== null) {
      if (!held.wanted) await this.store.put(this.key, { ...held, wanted: true }, entry.revision);
      return false;
    }
    return this.#write({ holder: this.#me, wanted: false }, entry?.revision ?? 0);
  }

  async #write(held: Held, revision: number): Promise<boolean> {
    const at = performance.now();
    const written = (await this.store.put(this.key, held, revision)) !== undefined;
    if (written) this.#writtenAt = at;
    return written;
  }

  #again(release: RequestRelease): void {
    if (this.#released) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look(release).finally(() => {
        this.#looking = undefined;
        this.#again(release);
      });
    }, this.options.lookEveryMs);
  }

  /** Says that it is still held, and hears whether somebody waits. */
  async #look(release: RequestRelease): Promise<void> {
    const { heldMs, lost } = this.options;
    try {
      const entry = await this.store.get(this.key);
      const held = entry === undefined ? undefined : heldIn(entry);
      // The broker came back without it: whoever writes it first has it.
      if (entry === undefined && (await this.#write({ holder: this.#me, wanted: false }, 0))) return;
      if (entry === undefined || held?.holder !== this.#me) return lost();
      if (held.wanted) await release();
      if (performance.now() - this.#writtenAt > heldMs / 3) await this.#write(held, entry.revision);
    } catch {
      if (performance.now() - this.#writtenAt > heldMs) lost();
    }
  }
}

const heldIn = (entry: KeyValueEntry): Held => Held.parse(entry.value);
