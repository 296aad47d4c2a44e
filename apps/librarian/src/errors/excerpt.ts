// The text of an error or a log, taken apart: which lines tell of an event, and which only of the place in a program. Secrets are
// taken out before anything is looked at.
import { redactSecrets, TAKEN_OUT } from '@labmesh/runtime';
import { withoutSecrets } from './secrets.js';
import { parseAt } from './traces/at-traces.js';
import { parseGo, parseRust } from './traces/panics.js';
import { parsePython } from './traces/python-traces.js';
import type { Trace, TraceParser } from './traces/trace.js';

export interface EventLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** What was thrown; or only a line that has such words; or any other. */
  readonly rank: 0 | 1 | 2;
}

export interface Excerpt {
  readonly events: readonly EventLine[];
  readonly traces: readonly Trace[];
}

const TRACES_MAX = 20;
const PARSERS: readonly TraceParser[] = [parsePython, parseGo, parseRust, parseAt];
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with one
const COLOURS = /\u001b\[[0-9;]{0,20}[A-Za-z]|[\0-\u0008\u000b\u000c\u000e-\u001f]/g;
const TROUBLE =
  /\b(?:error|err|fatal|panic|exception|critical|fail(?:ed|s|ure|ing)?|refused|denied|timed? ?out|cannot|can't|could not|unable|invalid|aborted|killed|crash(?:ed)?|segfault|missing|not found|out of memory|oom)\b|\w(?:Error|Exception)\b/i;

export function excerptOf(text: string): Excerpt {
  const lines = linesOf(text);
  const traces: Trace[] = [];
  const [within, headers] = [new Set<number>(), new Set<number>()];
  for (let at = 0; at < lines.length; ) {
    const found = PARSERS.map((parse) => parse(lines, at)).find((one) => one !== undefined);
    if (found === undefined) {
      at += 1;
      continue;
    }
    if (found.trace !== undefined && traces.length < TRACES_MAX) traces.push(found.trace);
    for (let place = at; place < found.end; place += 1) within.add(place);
    for (const header of found.headers) headers.add(header);
    at = Math.max(at + 1, found.end);
  }
  const events = lines.flatMap((line, at): EventLine[] => {
    if (line.trim() === '' || (within.has(at) && !headers.has(at))) return [];
    return [{ text: line, number: at + 1, rank: headers.has(at) ? 0 : TROUBLE.test(line) ? 1 : 2 }];
  });
  return { events, traces };
}

/** Ours go first: where a blank stands in a quoted secret, the well-known forms end. */
function linesOf(text: string): string[] {
  const lines = text.replace(COLOURS, '').split(/\r?\n/);
  return redactSecrets(lines.map((line) => withoutSecrets(line, TAKEN_OUT)).join('\n')).split('\n');
}
