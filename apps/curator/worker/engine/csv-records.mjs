// Records of a CSV or TSV file of any size, one after another: where each cell is, and whether it stands in quotes. As strict as the
// reading of small files: RFC 4180, line ends of any of the three kinds, well-formed UTF-8. Memory stays flat.
import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

const BLOCK = 4 * 1024 * 1024;
/** Longest record, bytes. */
const RECORD_MAX = 16 * 1024 * 1024;
const [QUOTE, LINE, RETURN] = Buffer.from('"\n\r');

export class CsvRecords {
  data = Buffer.alloc(0);
  /** Of the record at hand: of each cell the first byte, the one after its last, and whether it stands in quotes. */
  starts = [];
  ends = [];
  quoted = [];
  cells = 0;
  /** Counted without the header, which is -1. */
  row = -1;
  #separator;
  #at = 0;

  constructor(separator) {
    this.#separator = separator.charCodeAt(0);
  }

  /** Calls `onRecord` for each, the header first. Lines without anything are none where there are several columns. */
  async each(file, onRecord) {
    const from = openSync(file, 'r');
    try {
      let columns = 0;
      for (let position = 0, last = false; !last; ) {
        const block = Buffer.allocUnsafe(BLOCK);
        const read = readSync(from, block, 0, BLOCK, position);
        last = read === 0;
        const fresh = block.subarray(0, read);
        this.data = this.#at >= this.data.length ? fresh : Buffer.concat([this.data.subarray(this.#at), fresh]);
        this.#at = position === 0 && startsWithMark(this.data) ? 3 : 0;
        position += read;
        const begun = this.#at;
        while (this.#record(last)) {
          if (this.row === -1) columns = this.cells;
          else if (columns > 1 && this.#isEmpty()) continue;
          else if (this.cells !== columns) throw this.bad(`has ${this.cells} cells and the header ${columns}`);
          onRecord(this);
          this.row += 1;
        }
        if (!isUtf8(this.data.subarray(begun, this.#at)))
          throw new Error('Invalid Input Error: the bytes are not UTF-8; convert them first');
        if (this.data.length - this.#at > RECORD_MAX)
          throw this.bad(`has more than ${RECORD_MAX} bytes, or a quote is opened there and never closed`);
        await nextTurn();
      }
      if (columns === 0) throw new Error('Invalid Input Error: it is empty; the first line must name the columns');
    } finally {
      closeSync(from);
    }
  }

  /** The text of a cell. */
  text(cell) {
    const text = this.data.utf8Slice(this.starts[cell], this.ends[cell]);
    return this.quoted[cell] && text.includes('"') ? text.replaceAll('""', '"') : text;
  }

  bad(why) {
    return new Error(`Invalid Input Error: row ${this.row} ${why}`);
  }

  #isEmpty() {
    return this.cells === 1 && !this.quoted[0] && this.starts[0] === this.ends[0];
  }

  /** Reads one record; false when the bytes at hand do not hold all of it. */
  #record(last) {
    const { data } = this;
    let at = this.#at;
    if (at >= data.length) return false;
    for (let cell = 0; ; cell += 1) {
      const end = data[at] === QUOTE ? this.#quotedCell(cell, at, last) : this.#plainCell(cell, at);
      if (end === -1 || (end >= data.length && !last)) return false;
      this.cells = cell + 1;
      const sign = data[end];
      if (sign === this.#separator) {
        at = end + 1;
        continue;
      }
      if (end < data.length && sign !== LINE && sign !== RETURN)
        throw this.bad('has a quote inside of a cell, or something after a closing one');
      // Whether a line feed follows is not known yet.
      if (sign === RETURN && end + 1 >= data.length && !last) return false;
      this.#at = Math.min(data.length, end + (sign === RETURN && data[end + 1] === LINE ? 2 : 1));
      return true;
    }
  }

  #plainCell(cell, start) {
    const { data } = this;
    const separator = this.#separator;
    const { length } = data;
    let at = start;
    for (; at < length; at += 1) {
      const byte = data[at];
      if (byte === separator || byte === LINE || byte === RETURN || byte === QUOTE) break;
    }
    this.starts[cell] = start;
    this.ends[cell] = at;
    this.quoted[cell] = false;
    return at;
  }

  #quotedCell(cell, start, last) {
    const { data } = this;
    let at = start + 1;
    for (;;) {
      at = data.indexOf(QUOTE, at);
      if (at === -1 || (at + 1 >= data.length && !last)) {
        if (last) throw this.bad('opens a quote that is never closed');
        return -1;
      }
      if (data[at + 1] !== QUOTE) break;
      at += 2;
    }
    this.starts[cell] = start + 1;
    this.ends[cell] = at;
    this.quoted[cell] = true;
    return at + 1;
  }
}

const startsWithMark = (data) => data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf;
