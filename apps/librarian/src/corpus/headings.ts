// Cuts Markdown at its headings (CommonMark's ATX headings, outside fenced code). Offsets are exact; text is never changed.

export interface Section {
  /** The heading and those above it, outermost first; empty before the first heading. */
  readonly path: readonly string[];
  /** From the end of the heading's line to the next heading or the end. */
  readonly start: number;
  readonly end: number;
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A longer line that begins like a heading is a paragraph. */
const HEADING_CHARACTERS_MAX = 300;

function* linesOf(text: string): Generator<Line> {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    yield { text: text.slice(start, end).trimEnd(), start, end };
    start = end;
  }
}

function headingOf(line: string): { level: number; title: string } | undefined {
  if (line.length > HEADING_CHARACTERS_MAX) return undefined;
  const [, marks, rest] = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line) ?? [];
  return marks === undefined
    ? undefined
    : { level: marks.length, title: (rest ?? '').replace(/(^|[ \t]+)#+$/, '').trim() };
}

/** The fence that is open after this line: "```", "~~~~", or nothing. */
export function fenceAfter(open: string | undefined, line: string): string | undefined {
  const fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
  if (open === undefined || fence === undefined) return open ?? fence;
  const closes = fence[0] === open[0] && fence.length >= open.length && line.trim() === fence;
  return closes ? undefined : open;
}

/** The sections in the order of the text, those without a word in them too. */
export function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  let path: string[] = [];
  let start = 0;
  let fence: string | undefined;
  for (const line of linesOf(text)) {
    const heading = fence === undefined ? headingOf(line.text) : undefined;
    fence = fenceAfter(fence, line.text);
    if (heading === undefined) continue;
    sections.push({ path: path.filter((title) => title !== ''), start, end: line.start });
    path = [...Array.from({ length: heading.level - 1 }, (_, level) => path[level] ?? ''), heading.title];
    start = line.end;
  }
  sections.push({ path: path.filter((title) => title !== ''), start, end: text.length });
  return sections;
}

/** The first heading of the first level, or the file's name. */
export function titleOf({ file, text }: { file: string; text: string }): string {
  let fence: string | undefined;
  for (const line of linesOf(text)) {
    const heading = fence === undefined ? headingOf(line.text) : undefined;
    if (heading?.level === 1 && heading.title !== '') return heading.title;
    fence = fenceAfter(fence, line.text);
  }
  return file;
}
