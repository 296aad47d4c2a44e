// What changed last, of lists that the lab answers by when each was made.

/** Lines of a card. */
export const SHOWN = 5;
/** As many as a list tool answers at once: what was made before so many others, and changed since, is not found. */
export const LOOKED_THROUGH = 200;

export const lastChanged = <T extends { readonly updatedAt: string }>(all: readonly T[]): T[] =>
  [...all].sort((one, other) => Date.parse(other.updatedAt) - Date.parse(one.updatedAt)).slice(0, SHOWN);
