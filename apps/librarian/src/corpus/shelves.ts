// Collections in memory, each on a shelf of its own: brought there when somebody asks who may read it, and taken away when it was not
// asked for long. A question has no part in, and no time for, what its asker may not read.
import { setImmediate as othersTurn } from 'node:timers/promises';
import { documentOf } from '../sources/collection.js';
import type { CollectionsRepository } from '../sources/collections.repository.js';
import type { Corpus } from './corpus.js';
import { tooMany } from './shelf-room.js';

/** Texts of one read. */
const PAGE = 50;
/** Most characters of collections that are kept for later questions. */
const CHARACTERS_MAX = 128 * 1024 * 1024;
const IDLE_MS = 60 * 60_000;

interface Shelf {
  revision: number;
  characters: number;
  askedAt: number;
  /** Versions by path, as they are on the shelf. */
  readonly versions: Map<string, string>;
  /** Being brought up to date. */
  following: Promise<void> | undefined;
}

export class Shelves {
  readonly #shelves = new Map<string, Shelf>();

  constructor(
    private readonly corpus: Corpus,
    private readonly collections: Pick<CollectionsRepository, 'readable' | 'versions' | 'texts' | 'present'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Names of the shelves that the wallet may read, each with everything that was stored before this call. */
  async readBy(walletId: string): Promise<string[]> {
    const readable = await this.collections.readable(walletId);
    for (const { id, revision } of readable) await this.#upTo(id, revision);
    this.#makeRoom(new Set(readable.map(({ id }) => id)));
    return readable.map(({ id }) => id);
  }

  /** Takes away what nobody asked for long, and what is no more. */
  async tidy(): Promise<void> {
    const present = await this.collections.present([...this.#shelves.keys()]);
    for (const [id, { askedAt, following }] of this.#shelves)
      if (following === undefined && (!present.has(id) || this.now() - askedAt > IDLE_MS)) this.#drop(id);
  }

  async #upTo(id: string, revision: number): Promise<void> {
    const shelf = this.#shelves.get(id) ?? {
      revision: -1,
      characters: 0,
      askedAt: 0,
      versions: new Map(),
      following: undefined,
    };
    this.#shelves.set(id, shelf);
    shelf.askedAt = this.now();
    // Whoever joins what began before this call may have to look once more.
    while (shelf.revision < revision) {
      shelf.following ??= this.#follow(id, shelf).finally(() => {
        shelf.following = undefined;
      });
      await shelf.following;
    }
  }

  async #follow(id: string, shelf: Shelf): Promise<void> {
    const found = await this.collections.versions(id);
    if (found === undefined) {
      this.#drop(id);
      // Removed meanwhile: who asked finds nothing there.
      shelf.revision = Number.MAX_SAFE_INTEGER;
      return;
    }
    const { revision, versions } = found;
    const changed = [...versions]
      .filter(([path, version]) => shelf.versions.get(path) !== version)
      .map(([path]) => path);
    for (let at = 0; at < changed.length; at += PAGE) {
      for (const stored of await this.collections.texts(id, changed.slice(at, at + PAGE))) {
        const document = documentOf(id, stored);
        this.corpus.put(document, id);
        shelf.versions.set(stored.path, document.version);
        await othersTurn();
      }
    }
    for (const path of [...shelf.versions.keys()].filter((each) => !versions.has(each))) {
      this.corpus.remove(`${id}/${path}`, id);
      shelf.versions.delete(path);
    }
    shelf.characters = this.corpus.documents({ shelves: [id] }).reduce((sum, { text }) => sum + text.length, 0);
    shelf.revision = revision;
  }

  /** Those that were asked longest ago go first; what is being asked stays. */
  #makeRoom(needed: ReadonlySet<string>): void {
    const isInUse = (id: string): boolean => needed.has(id) || this.#shelves.get(id)?.following !== undefined;
    for (const id of tooMany(this.#shelves, { charactersMax: CHARACTERS_MAX, now: this.now(), isInUse }))
      this.#drop(id);
  }

  #drop(id: string): void {
    const shelf = this.#shelves.get(id);
    this.#shelves.delete(id);
    for (const path of shelf?.versions.keys() ?? []) this.corpus.remove(`${id}/${path}`, id);
  }
}
