// Traces whose frames begin with `at`. What was thrown stands before its frames, its cause after them, or in C# the other way about.
import { type AtFrame, atFrame } from './at-frames.js';
import { CHAIN_MAX, cut, FRAMES_MAX, type Frame, namesType, saidIn, type Thrown, type TraceParser } from './trace.js';

/** A message of several lines, as an assertion's, is looked back over so far for the line that names the type. */
const HEADER_LINES_MAX = 30;
const CAUSE = /^\s*(?:Caused by:\s|\[?(?:\[cause\]|cause):\s|---> )/;
const SUPPRESSED = /^\s*Suppressed: /;
/** What stands between frames and says nothing. */
const FILLER = /^\s*(?:\.\.\. \d+ (?:more|common frames omitted|lines matching .*)|--- End of .*---|[{}\]]+,?)\s*$/;
const END_OF_INNER = /--- End of inner exception stack trace ---/;
/** Members of an error that Node writes after its frames: `code: 'ENOENT',`. */
const MEMBER = /^\s+\w+: .{0,300}$/;

interface Open {
  readonly header: number;
  readonly frames: Frame[];
}

/** It begins at the first frame, and looks back for what was thrown. */
export const parseAt: TraceParser = (lines, at) => {
  const first = atFrame(lines[at] ?? '');
  if (first === undefined) return undefined;
  const { chain, end, language, filled } = walk(lines, at, first);
  const said = filled ? chain.filter(({ header }) => header >= 0) : [];
  const thrown = said.slice(0, CHAIN_MAX).map((open) => thrownOf(lines, open));
  return {
    trace: thrown.length === 0 ? undefined : { language, chain: thrown },
    end,
    headers: said.map(({ header }) => header),
  };
};

function walk(lines: readonly string[], at: number, { language }: AtFrame) {
  const chain = headersBefore(lines, at);
  // In C# the frames of the innermost come first: each mark of an end goes one out.
  let current = language === 'csharp' ? chain.length - 1 : 0;
  let place = at;
  let suppressed = false;
  let members = 0;
  for (; place < lines.length; place += 1) {
    const line = lines[place] ?? '';
    const found = atFrame(line);
    if (found !== undefined) {
      const frames = chain[current]?.frames;
      if (!suppressed && frames !== undefined && frames.length < FRAMES_MAX) frames.push(found.frame);
    } else if (SUPPRESSED.test(line)) suppressed = true;
    else if (CAUSE.test(line)) {
      chain.push({ header: place, frames: [] });
      current = chain.length - 1;
      suppressed = false;
    } else if (END_OF_INNER.test(line)) current = Math.max(0, current - 1);
    else if (MEMBER.test(line) && language === 'node' && members < HEADER_LINES_MAX) members += 1;
    else if (!FILLER.test(line)) break;
  }
  return { chain, end: place, language, filled: chain.some(({ frames }) => frames.length > 0) };
}

/** What was thrown, from the outside in: in C# causes stand under it before the first frame. */
function headersBefore(lines: readonly string[], at: number): Open[] {
  const causes: number[] = [];
  for (let place = at - 1; place >= Math.max(0, at - HEADER_LINES_MAX); place -= 1) {
    const line = lines[place] ?? '';
    if (atFrame(line) !== undefined) break;
    if (CAUSE.test(line)) causes.unshift(place);
    else if (namesType(line)) return [place, ...causes].map((header) => ({ header, frames: [] }));
  }
  if (causes.length > 0) return causes.map((header) => ({ header, frames: [] }));
  const before = [at - 1, at - 2].find((place) => (lines[place] ?? '').trim() !== '');
  return [{ header: before ?? -1, frames: [] }];
}

const thrownOf = (lines: readonly string[], { header, frames }: Open): Thrown => {
  const line = (lines[header] ?? '').replace(CAUSE, '').replace(/^\s*Uncaught\s+/, '');
  const { type, message } = saidIn(line);
  return { type, message: cut(message.replace(/\s*\{$/, '')), line: header + 1, frames };
};
