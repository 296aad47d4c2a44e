// Which list of tools each listener has, so that it hears of a change only when its own list is another one now. Holds no
// listener: who is gone is forgotten.
import type { ListedTool } from './listing.js';

type List = readonly ListedTool[];

export class ToldLists {
  /** What each was told of last, or began with; and what it was given since, when it asked meanwhile. */
  readonly #known = new WeakMap<object, readonly [told: List, given?: List]>();

  /** `listener` gets this list, or begins to listen while it is this one. */
  note(listener: object, list: List): void {
    const [told] = this.#known.get(listener) ?? [];
    this.#known.set(listener, told === undefined ? [list] : [told, list]);
  }

  /** Whether `listener` may have another list than this one; from now on it is taken to have this one. */
  isNews(listener: object, list: List): boolean {
    const known = this.#known.get(listener);
    this.#known.set(listener, [list]);
    return known === undefined || known.some((each) => each !== undefined && !same(each, list));
  }
}

/** The catalogue gives the same objects for the same tools. */
const same = (before: List, now: List): boolean =>
  before === now || (before.length === now.length && before.every((tool, at) => tool === now[at]));
