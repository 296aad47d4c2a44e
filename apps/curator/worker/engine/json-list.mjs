// A JSON list of objects, of any size, as JSON lines: the signs between the objects become line ends, and line ends inside of them
// spaces. Nothing else is touched: what the objects hold is looked at by who reads the lines. Memory stays flat.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

const BLOCK = 4 * 1024 * 1024;
const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = Buffer.from('"\\,{}[]');
const [LINE, SPACE] = Buffer.from('\n ');
const isBlank = (byte) => byte === SPACE || (byte >= 9 && byte <= 13);

/** What may come next, between the objects. */
const [LIST, FIRST, OBJECT, NEXT, NOTHING] = ['the list', 'an object or the end', 'an object', 'a comma', 'nothing'];

export class JsonList {
  #row = 0;
  #expected = LIST;
  #depth = 0;
  #inText = false;
  #escaped = false;

  /** Answers whether it is a list: false when the file begins with an object, and nothing was written. */
  async write(file, target) {
    const [from, to] = [openSync(file, 'r'), openSync(target, 'wx', 0o600)];
    try {
      const block = Buffer.allocUnsafe(BLOCK);
      for (let at = 0; ; ) {
        const read = readSync(from, block, 0, BLOCK, at);
        if (read === 0) break;
        const data = block.subarray(0, read);
        if (at === 0 && data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf) data.fill(SPACE, 0, 3);
        if (!this.#lines(data)) return false;
        for (let written = 0; written < read; ) written += writeSync(to, data, written);
        at += read;
        await nextTurn();
      }
      if (this.#expected !== NOTHING) throw this.#bad('the list does not end');
      return true;
    } finally {
      closeSync(from);
      closeSync(to);
    }
  }

  #lines(data) {
    for (let at = 0; at < data.length; at += 1) {
      const byte = data[at];
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inText = false;
      } else if (this.#depth > 0) this.#inside(data, at);
      else if (isBlank(byte)) data[at] = SPACE;
      else if (this.#expected === LIST && byte === OPEN) return false;
      else this.#between(data, at);
    }
    return true;
  }

  #inside(data, at) {
    const byte = data[at];
    if (byte === QUOTE) this.#inText = true;
    else if (byte === OPEN || byte === OPEN_LIST) this.#depth += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      this.#depth -= 1;
      if (this.#depth === 0) this.#row += 1;
    } else if (isBlank(byte)) data[at] = SPACE;
  }

  #between(data, at) {
    const byte = data[at];
    const expected = this.#expected;
    if (expected === LIST && byte === OPEN_LIST) {
      this.#expected = FIRST;
      data[at] = SPACE;
    } else if ((expected === FIRST || expected === OBJECT) && byte === OPEN) {
      this.#expected = NEXT;
      this.#depth = 1;
    } else if (expected === NEXT && byte === COMMA) {
      this.#expected = OBJECT;
      data[at] = LINE;
    } else if ((expected === NEXT || expected === FIRST) && byte === CLOSE_LIST) {
      this.#expected = NOTHING;
      data[at] = LINE;
    } else throw this.#bad(expected === LIST ? 'it is no list of objects' : `${expected} must come there`);
  }

  #bad(why) {
    return new Error(`Invalid Input Error: row ${this.#row}: ${why}`);
  }
}
