// Looks at every byte of JSON lines beside DuckDB, which would round numbers, cast by samples and drop keys without a word: which kinds
// of values each column has in the whole file, and which numbers a double may not hold. Memory stays flat; DuckDB checks the grammar.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

const BLOCK = 4 * 1024 * 1024;
/** Longest line, bytes. */
const LINE_MAX = 16 * 1024 * 1024;
const SUSPECTS_MAX = 50_000;
const COLUMNS_MAX = 2_000;
/** Fewer digits than this every double tells apart. */
const SURE_LENGTH = 16;

const [QUOTE, BACKSLASH, COMMA, COLON, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = Buffer.from('"\\,:{}[]');
const [MINUS, PLUS, POINT, ZERO, NINE, E, SMALL_E] = Buffer.from('-+.09Ee');
const SPACE = 32;
const [TRUE, FALSE, NULL] = Buffer.from('tfn');

export class JsonScan {
  rows = 0;
  longest = 0;
  bytes = 0;
  columns = [];
  suspects = [];
  #byName = new Map();
  #buffer;
  #at = 0;

  /** Scans until `limit` bytes have been seen; tells how far it is. */
  async scan(file, { limit = Number.POSITIVE_INFINITY, progress = () => undefined } = {}) {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      let kept = Buffer.alloc(0);
      const block = Buffer.allocUnsafe(BLOCK);
      for (;;) {
        const read = readSync(descriptor, block, 0, BLOCK, this.bytes);
        this.bytes += read;
        const data = kept.length === 0 ? block.subarray(0, read) : Buffer.concat([kept, block.subarray(0, read)]);
        const end = read === 0 ? data.length : data.lastIndexOf(10) + 1;
        this.#lines(
          this.rows === 0 && this.bytes === read ? withoutMark(data.subarray(0, end)) : data.subarray(0, end),
        );
        if (read === 0) return this;
        kept = Buffer.from(data.subarray(end));
        if (kept.length > LINE_MAX)
          throw new Error(`Invalid Input Error: row ${this.rows} has more than ${LINE_MAX} bytes`);
        progress({ done: this.bytes, total: size });
        if (this.bytes >= limit) return this;
        await nextTurn();
      }
    } finally {
      closeSync(descriptor);
    }
  }

  #lines(data) {
    this.#buffer = data;
    for (let start = 0; start < data.length; ) {
      const found = data.indexOf(10, start);
      const end = found === -1 ? data.length : found;
      this.#at = start;
      this.#blank();
      if (this.#at < end) {
        this.#row();
        if (end - start > this.longest) this.longest = end - start;
        this.rows += 1;
      }
      start = end + 1;
    }
  }

  #row() {
    const data = this.#buffer;
    const { rows } = this;
    if (data[this.#at] !== OPEN) throw this.#bad('is no JSON object');
    this.#at += 1;
    if (data[this.#at] <= SPACE) this.#blank();
    if (data[this.#at] === CLOSE) return;
    for (let place = 0; ; place += 1) {
      const column = this.#key(place);
      if (data[this.#at] <= SPACE) this.#blank();
      if (data[this.#at] !== COLON) throw this.#bad('is no JSON object');
      this.#at += 1;
      if (data[this.#at] <= SPACE) this.#blank();
      if (column.lastRow === rows) throw this.#bad(`has the key ${JSON.stringify(column.name.slice(0, 100))} twice`);
      column.lastRow = rows;
      column.seen += 1;
      this.#value(column);
      if (data[this.#at] <= SPACE) this.#blank();
      const next = data[this.#at];
      this.#at += 1;
      if (next === CLOSE) return;
      if (next !== COMMA) throw this.#bad('is no JSON object');
      if (data[this.#at] <= SPACE) this.#blank();
    }
  }

  /** Most rows have the same keys in the same order: the next one is compared before it is read. */
  #key(place) {
    const data = this.#buffer;
    const expected = this.columns[place];
    if (expected !== undefined) {
      const { key } = expected;
      const { length } = key;
      const begin = this.#at;
      let index = 0;
      while (index < length && data[begin + index] === key[index]) index += 1;
      if (index === length) {
        this.#at = begin + length;
        return expected;
      }
    }
    const start = this.#at;
    if (data[start] !== QUOTE) throw this.#bad('is no JSON object');
    this.#text();
    const key = Buffer.from(data.subarray(start, this.#at));
    return this.#column(JSON.parse(key.toString()), key);
  }

  #column(name, key) {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.columns.length >= COLUMNS_MAX) throw this.#bad(`brings more than ${COLUMNS_MAX} columns`);
    const column = {
      name,
      key,
      seen: 0,
      strings: 0,
      integers: 0,
      fractions: 0,
      booleans: 0,
      nulls: 0,
      nested: 0,
      lists: 0,
      lastRow: -1,
    };
    this.columns.push(column);
    this.#byName.set(name, column);
    return column;
  }

  #value(column) {
    switch (this.#buffer[this.#at]) {
      case QUOTE:
        column.strings += 1;
        return this.#text();
      case NULL:
        column.nulls += 1;
        this.#at += 4;
        return undefined;
      case TRUE:
        column.booleans += 1;
        this.#at += 4;
        return undefined;
      case FALSE:
        column.booleans += 1;
        this.#at += 5;
        return undefined;
      case OPEN_LIST:
        column.lists += 1;
        column.nested += 1;
        return this.#nested(column);
      case OPEN:
        column.nested += 1;
        return this.#nested(column);
      default:
        return this.#number(column, true);
    }
  }

  #nested(column) {
    const data = this.#buffer;
    let depth = 0;
    do {
      const byte = data[this.#at];
      if (byte === QUOTE) this.#text();
      else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) this.#number(column, false);
      else {
        if (byte === OPEN || byte === OPEN_LIST) depth += 1;
        else if (byte === CLOSE || byte === CLOSE_LIST) depth -= 1;
        this.#at += 1;
      }
    } while (depth > 0 && this.#at < data.length);
  }

  #number(column, counted) {
    const data = this.#buffer;
    const start = this.#at;
    let at = start;
    let whole = true;
    let exponent = false;
    for (; ; at += 1) {
      const byte = data[at];
      if (byte >= ZERO && byte <= NINE) continue;
      if (byte === POINT) whole = false;
      else if (byte === E || byte === SMALL_E) {
        whole = false;
        exponent = true;
      } else if (byte !== MINUS && byte !== PLUS) break;
    }
    this.#at = at;
    if (at === start) throw this.#bad('is no JSON object');
    if (counted) {
      if (whole) column.integers += 1;
      else column.fractions += 1;
    }
    if (exponent || at - start >= SURE_LENGTH) this.#suspect(column, data.latin1Slice(start, at), counted && whole);
  }

  #suspect(column, text, integer) {
    if (String(Number(text)) === text && (!integer || Number.isSafeInteger(Number(text)))) return;
    if (this.suspects.length >= SUSPECTS_MAX)
      throw this.#bad(`holds one of more than ${SUSPECTS_MAX} numbers that a double may not hold; send them as text`);
    this.suspects.push({ row: this.rows, column: column.name, text, integer });
  }

  #text() {
    const data = this.#buffer;
    const { length } = data;
    let at = this.#at + 1;
    for (let byte = data[at]; byte !== QUOTE; byte = data[at]) {
      at += byte === BACKSLASH ? 2 : 1;
      if (at >= length) throw this.#bad('has a text that does not end');
    }
    this.#at = at + 1;
  }

  #blank() {
    const data = this.#buffer;
    while (data[this.#at] === 32 || data[this.#at] === 9 || data[this.#at] === 13) this.#at += 1;
  }

  #bad(why) {
    return new Error(`Invalid Input Error: row ${this.rows} ${why}`);
  }
}

const withoutMark = (data) => (data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? data.subarray(3) : data);
