// Tracebacks of Python: frames with the innermost last, then what was raised; one that came of another stands after it.
import { CHAIN_MAX, FRAMES_MAX, type Frame, numberOf, saidIn, type Thrown, type TraceParser } from './trace.js';

const BEGIN = /Traceback \(most recent call last\):\s*$/;
const FRAME = /^\s*(?:\| ?)?\s*File "([^"]{1,500})", line (\d+)(?:, in (.{1,200}))?$/;
const LINKS = [
  'The above exception was the direct cause of the following exception:',
  'During handling of the above exception, another exception occurred:',
];
const FOREIGN =
  /[\\/](?:site|dist)-packages[\\/]|[\\/]lib(?:64)?[\\/]python\d|[\\/]Lib[\\/](?!site)|^<(?:frozen|string|stdin)/;
/** What was raised, without a place before it: `ValueError: x`, `KeyboardInterrupt`, `mypkg.errors.Bad: y`. */
const RAISED = /^\s{0,4}(?:\| ?)?([A-Za-z_][\w.]{0,200})(?::\s(.*)|:?)$/;

export const parsePython: TraceParser = (lines, at) => {
  if (!BEGIN.test(lines[at] ?? '')) return undefined;
  const chain: Thrown[] = [];
  let place = at;
  while (chain.length < CHAIN_MAX) {
    const one = traceback(lines, place);
    if (one === undefined) break;
    chain.unshift(one.thrown);
    place = one.end;
    const next = linked(lines, place);
    if (next === undefined) break;
    place = next;
  }
  if (chain.length === 0) return undefined;
  return { trace: { language: 'python', chain }, end: place, headers: chain.map(({ line }) => line - 1) };
};

function traceback(lines: readonly string[], at: number): { thrown: Thrown; end: number } | undefined {
  const indent = (lines[at] ?? '').search(/\S/);
  const frames: Frame[] = [];
  for (let place = at + 1; place < lines.length; place += 1) {
    const line = lines[place] ?? '';
    const [frame, file = '', number, name = null] = FRAME.exec(line) ?? [];
    if (frame !== undefined) {
      frames.push({ file, line: numberOf(number), function: name, own: !FOREIGN.test(file) });
      continue;
    }
    // Lines of source, and marks under them, stand further in than what was raised.
    if (line.search(/\S/) > indent) continue;
    if (line.trim() === '' || frames.length === 0) return undefined;
    const [, type = null, message = ''] = RAISED.exec(line) ?? [];
    const said = type === null ? saidIn(line) : { type, message: saidIn(message).message };
    const thrown = { ...said, line: place + 1, frames: frames.slice(-FRAMES_MAX).toReversed() };
    return { thrown, end: place + 1 };
  }
  return undefined;
}

/** Where the traceback begins that followed from the one before. */
function linked(lines: readonly string[], from: number): number | undefined {
  const rest = lines.slice(from, from + 40);
  const link = rest.findIndex((line) => LINKS.includes(line.trim()));
  if (link === -1 || rest.slice(0, link).some((line) => BEGIN.test(line))) return undefined;
  const begin = rest.findIndex((line, place) => place > link && BEGIN.test(line));
  return begin === -1 || begin > link + 2 ? undefined : from + begin;
}
