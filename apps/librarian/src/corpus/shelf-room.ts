// Room in memory for what questions ask for: shelves that were asked for longest ago are taken away first.
export interface Held {
  readonly characters: number;
  /** Milliseconds, as `now`. */
  readonly askedAt: number;
}

interface Room {
  readonly charactersMax: number;
  readonly now: number;
  /** Those that are needed whatever room they take. */
  isInUse?(id: string): boolean;
}

/** Whoever asked so lately may still look at it. */
const RECENT_MS = 60_000;

/** Ids of the shelves to take away, so that the others hold no more characters than may be. */
export function tooMany(shelves: ReadonlyMap<string, Held>, { charactersMax, now, isInUse }: Room): string[] {
  let characters = [...shelves.values()].reduce((sum, shelf) => sum + shelf.characters, 0);
  const oldestFirst = [...shelves].sort(([, a], [, b]) => a.askedAt - b.askedAt);
  return oldestFirst.flatMap(([id, shelf]) => {
    if (characters <= charactersMax || now - shelf.askedAt < RECENT_MS || isInUse?.(id) === true) return [];
    characters -= shelf.characters;
    return [id];
  });
}
