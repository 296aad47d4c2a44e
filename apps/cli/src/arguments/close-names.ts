// "Did you mean": the names that somebody who mistyped one may have meant, the likeliest first.
import { distance } from 'fastest-levenshtein';

const SHOWN_MAX = 3;
/** Of a name's letters, how many may be wrong. */
const WRONG_SHARE = 0.35;

/** A part of a name counts as close: fetch_dataset for curator_fetch_dataset. */
export function closeNames(given: string, names: readonly string[]): string[] {
  const wanted = given.toLowerCase().replaceAll(/[-.:/\s]+/g, '_');
  const rated = names.map((name) => ({ name, far: farFrom(wanted, name) }));
  return rated
    .filter(({ far }) => far <= WRONG_SHARE)
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, SHOWN_MAX)
    .map(({ name }) => name);
}

/** 0 for the same, 1 for nothing in common; without the agent's name, too. */
function farFrom(wanted: string, name: string): number {
  const tool = name.slice(name.indexOf('_') + 1);
  const share = (to: string): number => distance(wanted, to) / Math.max(wanted.length, to.length, 1);
  const within = wanted.length >= 4 && name.includes(wanted) ? WRONG_SHARE / 2 : 1;
  return Math.min(share(name), share(tool), within);
}
