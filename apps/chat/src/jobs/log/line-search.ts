// Looks through the lines of a log for a text, or for what looks like an error, a portion at a time: the page stays quick.
import type { LogLines } from './log-lines.js';

/** As programs, interpreters and compilers write it. */
const WORDS = /\b(error|exception|traceback|fatal|failed|failure|panic|segmentation fault|killed|out of memory)\b/i;
/** Names of errors, such as ValueError. */
const NAMES = /\b[A-Z]\w*(Error|Exception)\b/;
const ESCAPES = new RegExp(`${'\u001b'}\\[[0-9;?]*[A-Za-z]`, 'g');

export const PORTION = 50_000;

export type Matcher = (text: string) => boolean;

export const isError: Matcher = (text) => WORDS.test(text) || NAMES.test(text);

/** Case does not count, unless there is a capital in it. */
export function matcherOf(wanted: string): Matcher {
  if (wanted !== wanted.toLowerCase()) return (text) => plain(text).includes(wanted);
  return (text) => plain(text).toLowerCase().includes(wanted);
}

const plain = (text: string): string => (text.includes('\u001b') ? text.replaceAll(ESCAPES, '') : text);

interface Asked {
  /** Where to begin; its own line counts not. */
  readonly from: number;
  readonly step: 1 | -1;
  readonly matches: Matcher;
}

/** The next line that matches, round the end; undefined when none does. */
export function nextMatch(lines: Pick<LogLines, 'length' | 'at'>, { from, step, matches }: Asked): number | undefined {
  const { length } = lines;
  for (let away = 1; away <= length; away += 1) {
    const index = (((from + step * away) % length) + length) % length;
    if (matches(lines.at(index).text)) return index;
  }
  return undefined;
}

/** How many of the lines from one on match, at most a portion of them; and where the next portion begins. */
export function countPortion(
  lines: Pick<LogLines, 'length' | 'at'>,
  from: number,
  matches: Matcher,
): { found: number; next: number } {
  const next = Math.min(lines.length, from + PORTION);
  let found = 0;
  for (let index = from; index < next; index += 1) if (matches(lines.at(index).text)) found += 1;
  return { found, next };
}
