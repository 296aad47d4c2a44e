// Reads JSON, and tells when a text could say something else to another reader: a member that is given twice counts once, a
// number of many digits is rounded, and neither can be seen in what was read.

export interface ReadJson {
  readonly value: unknown;
  /** True when the text says this value and nothing besides, whatever its blanks and escapes. */
  readonly exact: boolean;
}

/** Strings, and blanks between them, of a text that is JSON. */
const STRING_OR_BLANKS = /"(?:[^"\\]|\\.)*"|[ \t\r\n]+/g;

/** The same text without blanks, its strings as JavaScript writes them. */
const plain = (text: string): string =>
  text.replace(STRING_OR_BLANKS, (token) => (token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : ''));

/** @throws SyntaxError for what is not JSON, RangeError for what is nested without end */
export function readJson(text: string): ReadJson {
  const value: unknown = JSON.parse(text);
  const written = JSON.stringify(value);
  return { value, exact: written === text || written === plain(text) };
}
