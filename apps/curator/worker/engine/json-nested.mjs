// Looks at a list or object inside of a row. DuckDB keeps such a value as text, and would take keys that are there twice, commas before
// an end, and words that JSON does not have, as NaN. What else can be wrong, DuckDB refuses.
import {
  CLOSE,
  CLOSE_LIST,
  COMMA,
  isDigit,
  isLetter,
  isSameWords,
  LINE,
  literalEnd,
  MINUS,
  OPEN,
  OPEN_LIST,
  QUOTE,
  SPACE,
  textEnd,
} from './json-bytes.mjs';

/** Deepest nesting inside a row: NESTING_MAX of src/rows.ts. */
const NESTING_MAX = 40;
/** Keys that are remembered before all are forgotten. */
const KEYS_MAX = 20_000;
export const NO_LITERAL = 'is no JSON object: of words, JSON has true, false and null alone';

/** What is wrong, as it is said of the row. */
export class BadJson extends Error {}

export class NestedScan {
  #numberEnd;
  /** By column, the keys of the objects of each depth, of which one at a time is open. */
  #columns = new Map();
  /** The levels of the objects that are open, by depth; undefined for lists. */
  #open = [];
  #objects = 0;
  #known = { keys: 0 };

  /** @param numberEnd looks at the number that begins there, and answers where it ends */
  constructor(numberEnd) {
    this.#numberEnd = numberEnd;
  }

  /** Behind the list or object of a column that begins at `start`. @throws BadJson */
  end(data, words, start, column) {
    const levels = this.#levelsOf(column);
    let depth = 0;
    /** Of the object that is open; undefined in a list. */
    let level;
    let before = 0;
    for (let at = start; ; ) {
      const byte = data[at];
      const begin = at;
      at += 1;
      if (byte <= SPACE && byte !== LINE) continue;
      if (byte === QUOTE) {
        at = textEnd(data, words, begin);
        if (at === -1) throw new BadJson('has a text that does not end');
        if (level !== undefined && (before === OPEN || before === COMMA)) level.take(data, words, begin, at);
      } else if (byte === MINUS || isDigit(byte)) at = this.#numberEnd(begin);
      else if (byte === OPEN || byte === OPEN_LIST) {
        if (depth === NESTING_MAX) throw new BadJson(`is nested deeper than ${NESTING_MAX}`);
        level = byte === OPEN ? this.#object(levels, depth) : undefined;
        this.#open[depth] = level;
        depth += 1;
      } else if (byte === CLOSE || byte === CLOSE_LIST) {
        if (before === COMMA) throw new BadJson('is no JSON object');
        depth -= 1;
        if (depth === 0) return at;
        level = this.#open[depth - 1];
      } else if (isLetter(byte)) {
        at = literalEnd(data, words, begin);
        if (at === -1) throw new BadJson(NO_LITERAL);
      } else if (byte === LINE) throw new BadJson('is no JSON object');
      before = byte;
    }
  }

  #levelsOf(column) {
    if (this.#known.keys > KEYS_MAX) {
      this.#columns.clear();
      this.#known.keys = 0;
    }
    let levels = this.#columns.get(column);
    if (levels === undefined) {
      levels = [];
      this.#columns.set(column, levels);
    }
    return levels;
  }

  #object(levels, depth) {
    levels[depth] ??= new Level(this.#known);
    this.#objects += 1;
    return levels[depth].begin(this.#objects);
  }
}

/** Keys of one object after the other: most have the same ones in the same order, so the next one is compared before it is looked up. */
class Level {
  #bySpelling = new Map();
  #byName = new Map();
  #first = keyOf('', new Int32Array(0), 0);
  #before = this.#first;
  #object = 0;
  #known;

  /** @param known counts the keys of all levels */
  constructor(known) {
    this.#known = known;
  }

  begin(object) {
    this.#object = object;
    this.#before = this.#first;
    return this;
  }

  /** @throws BadJson when the object has it already */
  take(data, words, begin, end) {
    const before = this.#before;
    let key = before.next;
    if (key === undefined || key.length !== end - begin || !isSameWords(words, begin, key.length, key.words, 0)) {
      key = this.#find(data, words, begin, end);
      before.next = key;
    }
    if (key.object === this.#object) throw twice(key.name);
    key.object = this.#object;
    this.#before = key;
  }

  #find(data, words, begin, end) {
    const spelling = Buffer.from(data.buffer, begin, end - begin).latin1Slice();
    const known = this.#bySpelling.get(spelling);
    if (known !== undefined) return known;
    const name = keyName(data.subarray(begin, end));
    const list = Int32Array.from({ length: Math.ceil((end - begin) / 4) }, (_, n) =>
      words.getInt32(begin + 4 * n, true),
    );
    const key = this.#byName.get(name) ?? keyOf(name, list, end - begin);
    this.#byName.set(name, key);
    this.#bySpelling.set(spelling, key);
    this.#known.keys += 1;
    return key;
  }
}

const keyOf = (name, words, length) => ({ name, words, length, object: 0, next: undefined });

/** @throws BadJson for what is no JSON text, or a key that no row may have. */
export function keyName(text) {
  const name = textOf(text);
  if (name === '__proto__') throw new BadJson('has the key "__proto__", which is not allowed');
  return name;
}

function textOf(text) {
  try {
    return JSON.parse(Buffer.from(text).toString());
  } catch (cause) {
    throw new BadJson('has a key that is no JSON text', { cause });
  }
}

export const twice = (name) => new BadJson(`has the key ${JSON.stringify(name.slice(0, 100))} twice`);
