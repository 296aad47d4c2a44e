// Brings what changed in the lab to the endpoints of this process, gathered for a moment: an address that changes all the time
// is told a few times a second. It decides nothing about who may hear it.

import { CHANGED_SUBJECT } from '@labmesh/bus';
import { ResourceChange } from '@labmesh/runtime';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';

/** Changes of so long, milliseconds, are told together. */
const GATHER_MS = 50;
/** More addresses than this in one moment are told at once. */
const GATHERED_MAX = 10_000;

export interface Changes {
  readonly uris: ReadonlySet<string>;
  /** Wallets whose lists changed; null is everybody's. */
  readonly lists: ReadonlySet<string | null>;
}

export class ChangeFeed {
  readonly #listeners = new Set<(changes: Changes) => void>();
  #uris = new Set<string>();
  #lists = new Set<string | null>();
  #timer: NodeJS.Timeout | undefined;

  /** Returns what takes the listener out again. */
  onChange(listener: (changes: Changes) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes what came over the bus; anything else is ignored. */
  hear(message: unknown): void {
    const { data } = ResourceChange.safeParse(message);
    if (data === undefined || this.#listeners.size === 0) return;
    for (const uri of data.uris) this.#uris.add(uri);
    if (data.listOf !== undefined) this.#lists.add(data.listOf);
    if (this.#uris.size > GATHERED_MAX) this.#tell();
    this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS).unref();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes = { uris: this.#uris, lists: this.#lists };
    this.#uris = new Set();
    this.#lists = new Set();
    for (const listener of this.#listeners) listener(changes);
  }
}

@Controller()
export class ChangeListener {
  constructor(@Inject(ChangeFeed) private readonly feed: ChangeFeed) {}

  @EventPattern(CHANGED_SUBJECT, { queue: '' })
  changed(@Payload() message: object): void {
    this.feed.hear(message);
  }
}
