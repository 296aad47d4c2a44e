// Regular expressions from a user's schema: refused when they could take exponential time.
// The time limit of the whole check stands behind this (see timebox.ts).

import { badSchema } from './bad-schema.js';

const PATTERN_LENGTH_MAX = 300;

/** @throws AppError invalid_input when the pattern may not run, or is none. */
export function guardPattern(pattern: string): void {
  const shown = `the pattern ${JSON.stringify(pattern.slice(0, 60))}`;
  const problem = patternProblem(pattern);
  if (problem !== undefined) throw badSchema(`${shown}: ${problem}`);
  try {
    new RegExp(pattern, 'u');
  } catch (cause) {
    throw badSchema(`${shown} is no regular expression`, cause);
  }
}

/**
 * Why a pattern is refused, or undefined when it may run. Refused: long ones, back-references, and a repeat without an upper
 * bound around another one, such as (a+)*, which is how a pattern comes to take exponential time. Write [a-z-]+ for ([a-z]+-)*.
 */
function patternProblem(pattern: string): string | undefined {
  if (pattern.length > PATTERN_LENGTH_MAX) return `longer than ${PATTERN_LENGTH_MAX} characters`;
  if (/\\[1-9k]/.test(pattern.replaceAll('\\\\', ''))) return 'back-references are not supported';
  return hasNestedRepeat(pattern) ? 'a repeat inside a repeat, such as (a+)*, can take forever' : undefined;
}

/** One token: an escape, a character class, an unbounded repeat, or one character. */
const TOKEN = /\\.|\[(?:\\.|[^\]\\])*\]|[*+]|\{\d*,\}|[\s\S]/gu;

function hasNestedRepeat(pattern: string): boolean {
  // For each open group: does it hold an unbounded repeat? The outermost entry is the pattern itself.
  const groups = [false];
  let closed = false;
  for (const [token] of pattern.matchAll(TOKEN)) {
    const repeat = token === '*' || token === '+' || /^\{\d*,\}$/.test(token);
    if (repeat && closed) return true;
    closed = false;
    if (token === '(') groups.push(false);
    else if (token === ')' && groups.length > 1) {
      closed = groups.pop() === true;
      if (closed) groups[groups.length - 1] = true;
    } else if (repeat) groups[groups.length - 1] = true;
  }
  return false;
}
