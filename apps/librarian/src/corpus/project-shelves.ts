// Texts of projects in memory, each project on a shelf of its own that only a question of its owner names. They are brought there as
// they are at every such question, so nothing here is ever older than what was just read; what did not change is not cut anew.
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Corpus } from './corpus.js';
import type { Document } from './document.js';
import { tooMany } from './shelf-room.js';

/** Most characters of projects that are kept for later questions. */
const CHARACTERS_MAX = 32 * 1024 * 1024;
const IDLE_MS = 10 * 60_000;

interface Shelf {
  askedAt: number;
  characters: number;
}

export class ProjectShelves {
  readonly #shelves = new Map<string, Shelf>();

  constructor(
    private readonly corpus: Corpus,
    private readonly now: () => number = Date.now,
  ) {}

  /** Brings the project's texts there, and takes away those that it has no more. The shelf has the project's id. */
  async bring(projectId: string, documents: readonly Document[]): Promise<void> {
    const shelf = this.#shelves.get(projectId) ?? { askedAt: 0, characters: 0 };
    this.#shelves.set(projectId, shelf);
    shelf.askedAt = this.now();
    for (const document of documents) {
      this.corpus.put(document, projectId);
      await othersTurn();
    }
    const files = new Set(documents.map(({ file }) => file));
    // What another question brought meanwhile, too.
    for (const { file } of this.corpus.documents({ shelves: [projectId] }))
      if (!files.has(file)) this.corpus.remove(file, projectId);
    shelf.characters = documents.reduce((sum, { text }) => sum + text.length, 0);
    for (const id of tooMany(this.#shelves, { charactersMax: CHARACTERS_MAX, now: this.now() })) this.#drop(id);
  }

  /** Takes away what nobody asked for long. */
  tidy(): void {
    for (const [id, { askedAt }] of this.#shelves) if (this.now() - askedAt > IDLE_MS) this.#drop(id);
  }

  #drop(id: string): void {
    this.#shelves.delete(id);
    this.corpus.drop(id);
  }
}
