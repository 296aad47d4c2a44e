// Keepers that wait: for a while after a job has begun, one of its kind is ready for the next, which then begins without waiting for
// namespaces and mounts. A machine that runs no jobs has none.
import {
  type Keeper,
  type KeptFolders,
  type KeptPlaces,
  type Namespaces,
  reaches,
  type WaitingKeeper,
} from './keeper.js';

export interface WarmOptions {
  readonly places: KeptPlaces;
  /** Begins one. @throws Error with what the system said */
  readonly start: (separate: Namespaces, places: KeptPlaces) => Promise<WaitingKeeper>;
  /** After one was taken: what begins sooner would be in its job's way. */
  readonly readyAfterMs?: number;
  /** One that was not needed for so long is ended. */
  readonly keptMs?: number;
}

const READY_AFTER_MS = 200;
const KEPT_MS = 60_000;

interface Kind {
  waiting?: WaitingKeeper | undefined;
  /** Until one is begun, and until the one that waits is ended. */
  begins?: NodeJS.Timeout | undefined;
  ends?: NodeJS.Timeout | undefined;
  starting?: Promise<void> | undefined;
}

export class WarmKeepers {
  /** With a network and without. */
  readonly #kinds = new Map<string, Kind>();
  #closed = false;

  constructor(private readonly options: WarmOptions) {}

  /** The namespaces of one job. @throws Error with what the system said, when they cannot be had */
  async take(separate: Namespaces, folders: KeptFolders): Promise<Keeper> {
    const { places, start } = this.options;
    if (!reaches(places, folders)) return (await start(separate, { ...places, jobs: folders.folder })).enter(folders);
    const kind = this.#kindOf(separate);
    // One that waits is told in this very turn: what its caller does meanwhile, it does beside it.
    if (kind.starting !== undefined) await kind.starting;
    const waiting = takenFrom(kind);
    this.#readySoon(separate, kind);
    // One that has ended meanwhile, whoever ended it, is not this job's matter.
    const entered = await waiting?.enter(folders).catch(() => undefined);
    return entered ?? (await start(separate, places)).enter(folders);
  }

  /** A job of this kind has ended: the next may come. */
  ready(separate: Namespaces): void {
    const kind = this.#kindOf(separate);
    if (kind.begins === undefined) return;
    clearTimeout(kind.begins);
    this.#begin(separate, kind);
  }

  /** Ends those that wait; those that were taken are their jobs'. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const kind of this.#kinds.values()) {
      clearTimeout(kind.begins);
      await kind.starting;
      await takenFrom(kind)?.end();
    }
  }

  #kindOf(separate: Namespaces): Kind {
    const name = JSON.stringify(separate);
    const kind = this.#kinds.get(name) ?? {};
    this.#kinds.set(name, kind);
    return kind;
  }

  #readySoon(separate: Namespaces, kind: Kind): void {
    if (this.#closed) return;
    kind.begins ??= setTimeout(() => this.#begin(separate, kind), this.options.readyAfterMs ?? READY_AFTER_MS).unref();
  }

  #begin(separate: Namespaces, kind: Kind): void {
    kind.begins = undefined;
    // Another may have been begun for a job that came meanwhile.
    if (this.#closed || kind.waiting !== undefined) return;
    kind.starting ??= this.#ready(separate, kind).finally(() => {
      kind.starting = undefined;
    });
  }

  async #ready(separate: Namespaces, kind: Kind): Promise<void> {
    // The next job says what the system says, if it still does.
    const waiting = await this.options.start(separate, this.options.places).catch(() => undefined);
    if (waiting === undefined) return;
    kind.waiting = waiting;
    void waiting.gone.then(() => {
      if (kind.waiting === waiting) takenFrom(kind);
    });
    kind.ends = setTimeout(() => void takenFrom(kind)?.end(), this.options.keptMs ?? KEPT_MS).unref();
  }
}

function takenFrom(kind: Kind): WaitingKeeper | undefined {
  const { waiting } = kind;
  clearTimeout(kind.ends);
  kind.waiting = undefined;
  return waiting;
}
