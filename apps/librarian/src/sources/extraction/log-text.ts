// The errors of a log as Markdown: each kind of them once, with how often and where it stands, and an example as it was written.
import { setImmediate as othersTurn } from 'node:timers/promises';
import { AppError } from '@labmesh/contracts';
import { Fingerprints } from '../../errors/fingerprints.js';

const GROUPS_MAX = 500;
const EVENTS_MAX = 50_000;
const EXAMPLE_CHARACTERS_MAX = 1_500;
const EXAMPLE_LINES_MAX = 40;
const HEADING_CHARACTERS_MAX = 180;
/** Lines between two turns of everything else. */
const LINES_A_TURN = 1_000;

const TELLS =
  /\b(?:error|exception|fatal|panic|critical|severe|fail(?:ed|ure|s)?|traceback|abort(?:ed)?|denied|refused|time(?:d |-)?out|warn(?:ing)?)\b|[a-z](?:Error|Exception)\b/i;
/** A line that goes on with what the one before it began. */
const GOES_ON = /^(?:\s+\S|Caused by|Traceback \(most recent)/;

interface Event {
  readonly line: number;
  readonly lines: string[];
}

interface Group {
  readonly template: string;
  readonly example: string;
  readonly first: number;
  last: number;
  count: number;
}

/** @throws AppError unsupported_format when no line tells of an error */
export async function logText(name: string, text: string, signal: AbortSignal): Promise<string> {
  const fingerprints = new Fingerprints({ groupsMax: 2 * GROUPS_MAX });
  const groups = new Map<string, Group>();
  let events = 0;
  for await (const event of eventsOf(text, signal)) {
    if (!event.lines.some((line) => TELLS.test(line.slice(0, 2_000)))) continue;
    events += 1;
    if (events > EVENTS_MAX) break;
    const { id, template } = fingerprints.add(headOf(event));
    const group = groups.get(id);
    if (group === undefined && groups.size >= GROUPS_MAX) continue;
    groups.set(id, group ?? { template, example: exampleOf(event), first: event.line, last: event.line, count: 0 });
    counted(groups.get(id), event);
  }
  if (groups.size === 0)
    throw new AppError(
      'unsupported_format',
      `Cannot take ${name}: no line of this log tells of an error. Take it as text to keep all of it.`,
    );
  const sections = together(groups, fingerprints).map(sectionOf);
  return `# ${name.slice(0, HEADING_CHARACTERS_MAX)}\n\n${sections.join('\n\n')}\n`;
}

/** Groups that became one while more of them came. */
function together(groups: ReadonlyMap<string, Group>, fingerprints: Fingerprints): Group[] {
  const now = new Map<string, Group>();
  for (const [id, group] of groups) {
    const current = fingerprints.current(id);
    const other = now.get(current);
    const count = group.count + (other?.count ?? 0);
    now.set(current, { ...(other ?? group), count, last: Math.max(group.last, other?.last ?? 0) });
  }
  return [...now.values()];
}

function counted(group: Group | undefined, { line }: Event): void {
  if (group === undefined) return;
  group.count += 1;
  group.last = line;
}

/** A line with those that go on with it, such as the places in the code where an exception was thrown. */
async function* eventsOf(text: string, signal: AbortSignal): AsyncGenerator<Event> {
  let event: Event | undefined;
  let line = 0;
  let traced = false;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const written = text.slice(start, end).trimEnd();
    start = end + 1;
    line += 1;
    if (line % LINES_A_TURN === 0) {
      await othersTurn();
      signal.throwIfAborted();
    }
    // Python writes the exception itself behind the places that led to it, at the beginning of a line.
    const goesOn: boolean =
      GOES_ON.test(written) || (traced && /^[A-Za-z_][\w.]*(?:Error|Exception|Warning|Interrupt|Exit)\b/.test(written));
    traced = goesOn && (traced || written.startsWith('Traceback')) && /^(?:\s|Traceback)/.test(written);
    if (goesOn && event !== undefined) {
      if (event.lines.length < EXAMPLE_LINES_MAX) event.lines.push(written);
      continue;
    }
    traced = written.startsWith('Traceback');
    if (event !== undefined) yield event;
    event = written === '' ? undefined : { line, lines: [written] };
  }
  if (event !== undefined) yield event;
}

/** What says which error it is: what was written first, and of a Python traceback the exception, which comes last. */
function headOf({ lines }: Event): string {
  const [first = ''] = lines;
  if (!lines.some((line) => line.startsWith('Traceback'))) return first;
  const exception = lines.at(-1) ?? '';
  return first.startsWith('Traceback') ? exception : `${first} ${exception}`;
}

const exampleOf = ({ lines }: Event): string => lines.join('\n').slice(0, EXAMPLE_CHARACTERS_MAX);

function sectionOf({ template, example, first, last, count }: Group): string {
  const where =
    count === 1 ? `Once, in line ${first}.` : `${count} times, the first in line ${first}, the last in line ${last}.`;
  let fence = '```';
  while (example.includes(fence)) fence += '`';
  return `## ${template.slice(0, HEADING_CHARACTERS_MAX).trim()}\n\n${where}\n\n${fence}text\n${example}\n${fence}`;
}
