// What was opened on the strength of something with an id (a credential, a wallet), and how each of it ends. It decides nothing.

export class EndsById {
  readonly #open = new Map<string, Set<() => void>>();

  /** Calls `end` each time this id is told; gives back what forgets it. */
  add(id: string, end: () => void): () => void {
    const ends = this.#open.get(id) ?? new Set();
    this.#open.set(id, ends.add(end));
    return () => {
      ends.delete(end);
      if (ends.size === 0) this.#open.delete(id);
    };
  }

  tell(id: string): void {
    for (const end of this.#open.get(id) ?? []) end();
  }
}
