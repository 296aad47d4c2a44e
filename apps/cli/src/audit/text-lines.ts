// The lines of a file as text, however large the file is: one line is held at a time, and none without a bound. What is not
// UTF-8 is refused, since two readers could see different texts in it.
import { createReadStream } from 'node:fs';
import { AppError } from '@labmesh/contracts';

/** Longer than any line that a lab writes. */
export const LINE_BYTES_MAX = 1024 * 1024;
const NEWLINE = 0x0a;

export interface TextLine {
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
}

/** Splits at line feeds alone: a record may hold any other mark that ends a line somewhere. Takes a byte order mark, and CRLF. */
export async function* textLines(path: string): AsyncGenerator<TextLine> {
  let number = 0;
  let begun: Buffer[] = [];
  let bytes = 0;
  const add = (part: Buffer): void => {
    bytes += part.length;
    if (bytes > LINE_BYTES_MAX) throw tooLong(`line ${number + 1} of ${path}`);
    begun.push(part);
  };
  const ended = (): TextLine => {
    const whole = begun.length === 1 && begun[0] !== undefined ? begun[0] : Buffer.concat(begun);
    [begun, bytes] = [[], 0];
    number += 1;
    const text = decoded(whole, `line ${number} of ${path}`);
    return { text: number === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text, number };
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, at));
      yield ended();
      from = at + 1;
    }
    if (from < chunk.length) add(chunk.subarray(from));
  }
  if (bytes > 0) yield ended();
}

export const tooLong = (where: string): AppError =>
  new AppError(
    'too_large',
    `Cannot read ${where}: it is longer than ${LINE_BYTES_MAX} bytes, and no lab writes so much at once. Is it another file?`,
  );

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Buffer, where: string): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new AppError('invalid_input', `Cannot read ${where}: it is not UTF-8. Was the file saved as UTF-16?`, {
      cause,
    });
  }
}
