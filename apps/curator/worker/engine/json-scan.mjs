// Looks at every byte of JSON lines beside DuckDB, which would round numbers, cast by samples and drop keys without a word: which kinds
// of values each column has in the whole file, and which numbers a double may not hold. Memory stays flat; DuckDB checks the grammar.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  blankEnd,
  CLOSE,
  COLON,
  COMMA,
  digitsEnd,
  isDigit,
  isLetter,
  isNumberSign,
  isSameWords,
  LINE,
  literalEnd,
  MINUS,
  OPEN,
  OPEN_LIST,
  POINT,
  QUOTE,
  SPACE,
  SPARE,
  textEnd,
} from './json-bytes.mjs';
import { BadJson, keyName, NestedScan, NO_LITERAL, twice } from './json-nested.mjs';

/** Read at once: about what a core's cache holds. */
const BLOCK = 1024 * 1024;
/** Longest line, bytes. */
const LINE_MAX = 16 * 1024 * 1024;
const SUSPECTS_MAX = 50_000;
const COLUMNS_MAX = 2_000;
/** Fewer digits than this every double tells apart. */
const SURE_LENGTH = 16;

/** What is counted of a column, in the order of its counts; a list is nested, too. */
const KINDS = ['strings', 'integers', 'fractions', 'booleans', 'nulls', 'nested', 'lists'];
const [STRINGS, INTEGERS, FRACTIONS, BOOLEANS, NULLS, NESTED, LISTS] = KINDS.keys();
/** Counts of a column. */
const WIDTH = 8;
const [TRUE, FALSE, NULL] = Buffer.from('tfn');
/** Longest join, in words. */
const JOIN_WORDS = 16;

export class JsonScan {
  rows = 0;
  longest = 0;
  bytes = 0;
  suspects = [];
  #block;
  #data = new Uint8Array(0);
  #words;
  #names = [];
  #byName = new Map();
  /** By the key's bytes, so that few keys are parsed. */
  #byText = new Map();
  #counts = new Uint32Array(COLUMNS_MAX * WIDTH);
  #lastRows = new Int32Array(COLUMNS_MAX).fill(-1);
  /**
   * What stood last between the value of a column and the value of the next, as `,"name":`, by the column's place and one; at 0 what
   * a row began with. Most rows have the same keys in the same order, so one comparison of words knows the next column.
   */
  #joins = new Int32Array((COLUMNS_MAX + 1) * JOIN_WORDS);
  #joinLengths = new Int32Array(COLUMNS_MAX + 1);
  #nextColumns = new Int32Array(COLUMNS_MAX + 1);
  #column = 0;
  #nested = new NestedScan((at) => this.#numberEnd(at, this.#column, false));

  constructor({ block = BLOCK } = {}) {
    this.#block = block;
  }

  /** Each has `seen`, in how many rows, and how many values of each kind. */
  get columns() {
    return this.#names.map((name, column) => {
      const counts = [...this.#counts.subarray(column * WIDTH, column * WIDTH + KINDS.length)];
      const seen = counts.reduce((sum, count, kind) => (kind === LISTS ? sum : sum + count), 0);
      return { name, seen, ...Object.fromEntries(KINDS.map((kind, index) => [kind, counts[index]])) };
    });
  }

  /** Scans until `limit` bytes have been seen; tells how far it is. */
  async scan(file, { limit = Number.POSITIVE_INFINITY, progress = () => undefined } = {}) {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      for (let kept = 0; ; ) {
        this.#makeRoom(kept);
        const read = readSync(descriptor, this.#data, kept, this.#block, this.bytes);
        if (this.bytes === 0) blankMark(this.#data);
        this.bytes += read;
        const held = kept + read;
        this.#data[held] = LINE;
        const end = read === 0 ? held : this.#data.lastIndexOf(LINE, held - 1) + 1;
        this.#lines(end);
        if (read === 0) return this;
        this.#data.copyWithin(0, end, held);
        kept = held - end;
        if (kept > LINE_MAX) throw this.#tooLong();
        progress({ done: this.bytes, total: size });
        if (this.bytes >= limit) return this;
        await nextTurn();
      }
    } catch (thrown) {
      throw thrown instanceof BadJson ? this.#bad(thrown.message) : thrown;
    } finally {
      closeSync(descriptor);
    }
  }

  /** For a block behind what is kept. */
  #makeRoom(kept) {
    const size = kept + this.#block + SPARE;
    if (this.#data.length >= size) return;
    const data = new Uint8Array(size + kept);
    data.set(this.#data.subarray(0, kept));
    this.#data = data;
    this.#words = new DataView(data.buffer);
  }

  #lines(end) {
    const data = this.#data;
    for (let at = 0; at < end; at += 1) {
      const start = at;
      if (data[at] <= SPACE) at = blankEnd(data, at);
      if (data[at] === LINE) continue;
      at = this.#rowEnd(at);
      if (data[at] <= SPACE) at = blankEnd(data, at);
      if (data[at] !== LINE) throw new BadJson('is no JSON object');
      if (at - start > this.longest) this.longest = at - start;
      if (this.longest > LINE_MAX) throw this.#tooLong();
      this.rows += 1;
    }
  }

  /** Behind the row that begins there. */
  #rowEnd(start) {
    const data = this.#data;
    const words = this.#words;
    const counts = this.#counts;
    const lengths = this.#joinLengths;
    const nexts = this.#nextColumns;
    const lastRows = this.#lastRows;
    const row = this.rows | 0;
    let at = start;
    for (let before = 0; ; ) {
      let column;
      const length = lengths[before];
      if (length > 0 && isSameWords(words, at, length, this.#joins, before * JOIN_WORDS)) {
        column = nexts[before];
        at += length;
        if (data[at] <= SPACE) at = blankEnd(data, at);
      } else {
        at = this.#joinEnd(at, before);
        column = this.#column;
        if (column === -1) return at;
      }
      if (lastRows[column] === row) throw twice(this.#names[column]);
      lastRows[column] = row;
      const byte = data[at];
      switch (byte) {
        case QUOTE:
          counts[column * WIDTH + STRINGS] += 1;
          at = textEnd(data, words, at);
          break;
        case NULL:
          counts[column * WIDTH + NULLS] += 1;
          at = literalEnd(data, words, at);
          break;
        case TRUE:
        case FALSE:
          counts[column * WIDTH + BOOLEANS] += 1;
          at = literalEnd(data, words, at);
          break;
        case OPEN:
        case OPEN_LIST:
          at = this.#nestedEnd(at, column);
          break;
        default:
          at = this.#numberEnd(at, column, true);
      }
      if (at === -1) throw badValue(byte);
      if (data[at] === CLOSE) return at + 1;
      before = column + 1;
    }
  }

  /** Behind what stands between two values, which is learned, and sets the column of the next; it is -1 at the end of the row. */
  #joinEnd(start, before) {
    const data = this.#data;
    let at = blankEnd(data, start);
    this.#column = -1;
    if (before > 0 && data[at] === CLOSE) return at + 1;
    if (data[at] !== (before === 0 ? OPEN : COMMA)) throw new BadJson('is no JSON object');
    const begin = blankEnd(data, at + 1);
    if (before === 0 && data[begin] === CLOSE) return begin + 1;
    if (data[begin] !== QUOTE) throw new BadJson('is no JSON object');
    const end = textEnd(data, this.#words, begin);
    if (end === -1) throw badValue(QUOTE);
    at = blankEnd(data, end);
    if (data[at] !== COLON) throw new BadJson('is no JSON object');
    at = blankEnd(data, at + 1);
    this.#column = this.#columnOf(data.subarray(begin, end));
    this.#learn(start, at, before);
    return at;
  }

  #learn(start, end, before) {
    if (end - start > JOIN_WORDS * 4) return;
    this.#joinLengths[before] = end - start;
    this.#nextColumns[before] = this.#column;
    for (let place = start, index = before * JOIN_WORDS; place < end; place += 4, index += 1)
      this.#joins[index] = this.#words.getInt32(place, true);
  }

  #columnOf(text) {
    const spelling = Buffer.from(text.buffer, text.byteOffset, text.length).latin1Slice();
    const known = this.#byText.get(spelling) ?? this.#byName.get(keyName(text));
    if (known !== undefined) return known;
    if (this.#names.length >= COLUMNS_MAX) throw new BadJson(`brings more than ${COLUMNS_MAX} columns`);
    const name = keyName(text);
    const column = this.#names.push(name) - 1;
    this.#byName.set(name, column);
    this.#byText.set(spelling, column);
    return column;
  }

  #nestedEnd(at, column) {
    this.#counts[column * WIDTH + NESTED] += 1;
    if (this.#data[at] === OPEN_LIST) this.#counts[column * WIDTH + LISTS] += 1;
    this.#column = column;
    return this.#nested.end(this.#data, this.#words, at, column);
  }

  /** -1 where no number begins. */
  #numberEnd(start, column, counted) {
    const data = this.#data;
    const words = this.#words;
    if (!isDigit(data[start]) && data[start] !== MINUS) return -1;
    let whole = true;
    let sure = true;
    let at = digitsEnd(words, data[start] === MINUS ? start + 1 : start);
    if (data[at] === POINT) {
      whole = false;
      at = digitsEnd(words, at + 1);
    }
    if (data[at] !== COMMA && data[at] !== CLOSE && isNumberSign(data[at])) {
      whole = false;
      sure = false;
      while (isDigit(data[at]) || isNumberSign(data[at])) at += 1;
    }
    if (counted) this.#counts[column * WIDTH + (whole ? INTEGERS : FRACTIONS)] += 1;
    if (!sure || at - start >= SURE_LENGTH) this.#suspect(start, at, column, counted && whole);
    return at;
  }

  #suspect(start, end, column, integer) {
    const text = Buffer.from(this.#data.buffer, start, end - start).latin1Slice();
    if (String(Number(text)) === text && (!integer || Number.isSafeInteger(Number(text)))) return;
    if (this.suspects.length >= SUSPECTS_MAX)
      throw new BadJson(`holds one of more than ${SUSPECTS_MAX} numbers that a double may not hold; send them as text`);
    this.suspects.push({ row: this.rows, column: this.#names[column], text, integer });
  }

  #tooLong() {
    return new BadJson(`has more than ${LINE_MAX} bytes`);
  }

  #bad(why) {
    return new Error(`Invalid Input Error: row ${this.rows} ${why}`);
  }
}

/** A byte order mark at the beginning is none of the first row. */
function blankMark(data) {
  if (data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf) data.fill(SPACE, 0, 3);
}

function badValue(byte) {
  if (byte === QUOTE) return new BadJson('has a text that does not end');
  return new BadJson(isLetter(byte) ? NO_LITERAL : 'is no JSON object');
}
