// Steps over JSON's signs, four bytes at a time by arithmetic on words where that is quicker. `words` looks at the same bytes as
// `data`, whose last one is a line end with SPARE bytes behind it. Nothing here goes past a line end.
export const SPARE = 8;

export const [QUOTE, BACKSLASH, COMMA, COLON, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = Buffer.from('"\\,:{}[]');
export const [MINUS, POINT, LINE, SPACE] = Buffer.from('-.\n ');

const [PLUS, TAB, RETURN, ZERO, NINE, SMALL_E, SMALL_F] = Buffer.from('+\t\r09ef');
const [TRUE, ALSE, NULL] = ['true', 'alse', 'null'].map((text) => Buffer.from(text).readInt32LE(0));
/** A byte four times. */
const [ONES, HIGHS] = [0x01010101, 0x80808080];
const [QUOTES, BACKSLASHES, SPACES, ZEROS] = [QUOTE, BACKSLASH, SPACE, ZERO].map((byte) => byte * ONES);

/** Of a word in which the highest bits of some bytes are set: how many bytes come before the first of these. */
const bytesBefore = (marks) => (31 - Math.clz32(marks & -marks)) >> 3;

/** Behind the text that begins with the quote at `start`; -1 where it does not end in its line. */
export function textEnd(data, words, start) {
  for (let at = start + 1; ; ) {
    const word = words.getInt32(at, true);
    const quote = word ^ QUOTES;
    const backslash = word ^ BACKSLASHES;
    // A byte that is zero, or less than a space, borrows from its highest bit. Bytes before the first that does are not touched.
    const marks = (((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | ((word - SPACES) & ~word)) & HIGHS;
    if (marks === 0) {
      at += 4;
      continue;
    }
    at += bytesBefore(marks);
    const byte = data[at];
    if (byte === QUOTE) return at + 1;
    if (byte === LINE) return -1;
    at += byte === BACKSLASH && data[at + 1] !== LINE ? 2 : 1;
  }
}

/** Behind the digits that begin there, if any. */
export function digitsEnd(words, start) {
  for (let at = start; ; at += 4) {
    const digits = words.getInt32(at, true) ^ ZEROS;
    // More than 9 carries into the highest bit.
    const others = (((digits & 0x7f7f7f7f) + 0x76767676) | digits) & HIGHS;
    if (others !== 0) return at + bytesBefore(others);
  }
}

/** Whether `length` bytes there are those of a list of words, from its place `first` on. */
export function isSameWords(words, start, length, list, first) {
  const full = start + length - 3;
  let at = start;
  let place = first;
  for (; at < full; at += 4, place += 1) if (words.getInt32(at, true) !== list[place]) return false;
  const left = start + length - at;
  return left === 0 || (words.getInt32(at, true) ^ list[place]) << (32 - 8 * left) === 0;
}

export const isDigit = (byte) => byte >= ZERO && byte <= NINE;

export const isLetter = (byte) => (byte | SPACE) >= 97 && (byte | SPACE) <= 122;

/** What may stand in a number, besides digits. */
export const isNumberSign = (byte) => (byte | SPACE) === SMALL_E || byte === POINT || byte === MINUS || byte === PLUS;

/** Behind true, false or null; -1 where none of them stands. */
export function literalEnd(data, words, start) {
  const word = words.getInt32(start, true);
  if (word === NULL || word === TRUE) return start + 4;
  return data[start] === SMALL_F && words.getInt32(start + 1, true) === ALSE ? start + 5 : -1;
}

export function blankEnd(data, start) {
  let at = start;
  while (data[at] === SPACE || data[at] === TAB || data[at] === RETURN) at += 1;
  return at;
}
