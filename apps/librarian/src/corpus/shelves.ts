// Collections, each on a shelf of its own: brought there when somebody asks who may read it, and taken away when it was not asked for
// long. A question has no part in, and no time for, what its asker may not read.
import { setImmediate as othersTurn } from 'node:timers/promises';
import { documentOf, stateOf } from '../sources/collection.js';
import type { CollectionsRepository } from '../sources/collections.repository.js';
import type { KeptCorpus } from './kept-corpus.js';
import { tooMany } from './shelf-room.js';
import type { HeldDocument } from './stored-document.js';

/** Texts of one read. */
const PAGE = 50;
/** So many characters that came are settled before more come. */
const SETTLED_CHARACTERS = 4 * 1024 * 1024;
/** Most characters of collections that are kept for later questions; in memory, where there is no folder, so many fewer. */
const CHARACTERS_MAX = { folder: 1024 * 1024 * 1024, memory: 128 * 1024 * 1024 } as const;
const IDLE_MS = { folder: 30 * 24 * 60 * 60_000, memory: 60 * 60_000 } as const;

interface Shelf {
  revision: number;
  characters: number;
  askedAt: number;
  /** Of each path, what stands on the shelf. */
  readonly states: Map<string, string>;
  /** Being brought up to date. */
  following: Promise<void> | undefined;
}

export class Shelves {
  readonly #shelves = new Map<string, Shelf>();
  #unsettled = 0;

  constructor(
    private readonly kept: Pick<KeptCorpus, 'corpus' | 'place' | 'settle'>,
    private readonly collections: Pick<CollectionsRepository, 'readable' | 'states' | 'texts' | 'present'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes over what a folder had of these: what changed since then comes with the first question. */
  async takeOver(ids: readonly string[]): Promise<void> {
    const present = await this.collections.present(ids);
    for (const id of ids) {
      if (!present.has(id)) this.kept.corpus.drop(id);
      else this.#shelves.set(id, this.#asItIs(id));
    }
  }

  /** Names of the shelves that the wallet may read, each with everything that was stored before this call. */
  async readBy(walletId: string): Promise<string[]> {
    const readable = await this.collections.readable(walletId);
    for (const { id, revision } of readable) await this.#upTo(id, revision);
    this.#makeRoom(new Set(readable.map(({ id }) => id)));
    return readable.map(({ id }) => id);
  }

  /** Takes away what nobody asked for long, and what is no more. */
  async tidy(): Promise<void> {
    const idleMs = IDLE_MS[this.kept.place];
    const present = await this.collections.present([...this.#shelves.keys()]);
    for (const [id, { askedAt, following }] of this.#shelves)
      if (following === undefined && (!present.has(id) || this.now() - askedAt > idleMs)) this.#drop(id);
  }

  async #upTo(id: string, revision: number): Promise<void> {
    const shelf = this.#shelves.get(id) ?? this.#asItIs(id);
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

  #asItIs(id: string): Shelf {
    const documents = this.kept.corpus.documents({ shelves: [id] });
    const states = documents.map(({ file, version, kind: form = 'markdown', at = new Date(0) }): [string, string] => [
      file.slice(id.length + 1),
      stateOf({ version, form, at }),
    ]);
    return {
      revision: -1,
      characters: charactersOf(documents),
      askedAt: this.now(),
      states: new Map(states),
      following: undefined,
    };
  }

  async #follow(id: string, shelf: Shelf): Promise<void> {
    const found = await this.collections.states(id);
    if (found === undefined) {
      this.#drop(id);
      // Removed meanwhile: who asked finds nothing there.
      shelf.revision = Number.MAX_SAFE_INTEGER;
      return;
    }
    const { revision, states } = found;
    const changed = [...states].filter(([path, state]) => shelf.states.get(path) !== state).map(([path]) => path);
    for (let at = 0; at < changed.length; at += PAGE) {
      for (const stored of await this.collections.texts(id, changed.slice(at, at + PAGE))) {
        this.kept.corpus.put(documentOf(id, stored), id);
        shelf.states.set(stored.path, stateOf(stored));
        await this.#came(stored.text.length);
      }
    }
    for (const path of [...shelf.states.keys()].filter((each) => !states.has(each))) {
      this.kept.corpus.remove(`${id}/${path}`, id);
      shelf.states.delete(path);
    }
    shelf.characters = charactersOf(this.kept.corpus.documents({ shelves: [id] }));
    shelf.revision = revision;
  }

  async #came(characters: number): Promise<void> {
    this.#unsettled += characters;
    if (this.#unsettled < SETTLED_CHARACTERS) return othersTurn();
    this.#unsettled = 0;
    await this.kept.settle();
  }

  /** Those that were asked longest ago go first; what is being asked stays. */
  #makeRoom(needed: ReadonlySet<string>): void {
    const isInUse = (id: string): boolean => needed.has(id) || this.#shelves.get(id)?.following !== undefined;
    const charactersMax = CHARACTERS_MAX[this.kept.place];
    for (const id of tooMany(this.#shelves, { charactersMax, now: this.now(), isInUse })) this.#drop(id);
  }

  #drop(id: string): void {
    this.#shelves.delete(id);
    this.kept.corpus.drop(id);
  }
}

const charactersOf = (documents: readonly HeldDocument[]): number =>
  documents.reduce((sum, { characters }) => sum + characters, 0);
