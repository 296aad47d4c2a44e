// JSON (RFC 8259): a list of objects, or one object per line (NDJSON). Written as a list, one row per line.
// Never rounds an integer in silence.
import { type Json, numberFromText, type Row, tooPrecise } from './rows.js';
import { decodeUtf8, encodeUtf8, unreadable } from './text.js';

/** One token that can be a number, or a whole string so that digits inside it are skipped. */
const STRING_OR_INTEGER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** @throws AppError invalid_input when the bytes are neither JSON nor one JSON object per line. */
export function readJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes, 'json');
  if (!/^[ \t\r\n]*\{/.test(text)) return parseJson(text);
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [parseJson(line)];
    } catch (cause) {
      throw unreadable(
        'json',
        `it must be a list of objects, or one object per line, and line ${index + 1} is not one`,
        cause,
      );
    }
  });
}

/**
 * Any JSON text. Of two equal keys the last counts; a number with a fraction is the nearest double.
 * @throws AppError invalid_input when it is not JSON, or holds an integer that a double would round.
 */
export function parseJson(text: string): Json {
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch (cause) {
    throw unreadable('json', cause instanceof Error ? cause.message.slice(0, 200) : 'it does not parse', cause);
  }
  if (/\d{16}/.test(text)) refuseRounding(text);
  return parsed;
}

export function writeJson(rows: readonly Row[]): Buffer {
  return encodeUtf8(rows.length === 0 ? '[]\n' : `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
}

function refuseRounding(text: string): void {
  for (const [token] of text.matchAll(STRING_OR_INTEGER)) {
    if (token.startsWith('"') || token.length < 16) continue;
    if (numberFromText(token) === undefined) throw unreadable('json', `a number ${tooPrecise(token)}`);
  }
}
