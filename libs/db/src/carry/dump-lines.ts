// A dump as lines of text, for a file or a connection, and back. A line that begins with [ is a row; every other is an object.
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { AppError } from '@labmesh/contracts';
import type { DumpPart } from './dump.js';

const BATCH_LINES = 500;
const BATCH_CHARS = 1024 * 1024;

export async function* dumpLines(parts: AsyncIterable<DumpPart>): AsyncGenerator<string> {
  for await (const part of parts)
    yield part.kind === 'rows' ? `${part.lines.join('\n')}\n` : `${JSON.stringify(part)}\n`;
}

/** @throws AppError conflict when it is not all there */
export async function* partsOf(stream: Readable): AsyncGenerator<DumpPart> {
  let lines: string[] = [];
  let chars = 0;
  let ended = false;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.startsWith('[')) {
      lines.push(line);
      chars += line.length;
      if (lines.length < BATCH_LINES && chars < BATCH_CHARS) continue;
    }
    if (lines.length > 0) yield { kind: 'rows', lines };
    lines = [];
    chars = 0;
    if (line.startsWith('[')) continue;
    const part = JSON.parse(line) as DumpPart;
    ended = part.kind === 'end';
    yield part;
  }
  if (!ended) throw new AppError('conflict', 'The rows of the lab did not come to their end. Try again.');
}
