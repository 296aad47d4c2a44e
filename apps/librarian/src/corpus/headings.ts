// Cuts Markdown at its headings, as CommonMark has them. Offsets are exact; text is never changed.
import type { Document } from './document.js';

export interface Section {
  /** The heading and those above it, outermost first; empty before the first heading. */
  readonly path: readonly string[];
  /** From the end of the heading to the next one or the end. */
  readonly start: number;
  readonly end: number;
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

type Titled = Pick<Document, 'file' | 'text' | 'title' | 'kind'>;

/** A longer line that begins like a heading is a paragraph. */
const HEADING_CHARACTERS_MAX = 300;
/** Front matter ends within so many lines, or the rule at the start is one. */
const FRONT_MATTER_LINES_MAX = 200;
/** How a block of HTML begins, and the line that ends it; CommonMark's kinds 1 to 6, the last of which an empty line ends. */
const HTML_BLOCKS: readonly (readonly [begins: RegExp, ends: RegExp])[] = [
  [/^ {0,3}<(?:pre|script|style|textarea)(?:[\s>]|$)/i, /<\/(?:pre|script|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<![a-z]/i, />/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [
    /^ {0,3}<\/?(?:address|article|aside|blockquote|body|center|col|colgroup|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul)(?:\s|\/?>|$)/i,
    /^\s*$/,
  ],
];
/** A line that a paragraph does not go on with, and none that a setext heading is made of. */
const NO_PARAGRAPH = /^(?: {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)| {0,3}>| {0,3}\||\s*$)/;
const INDENTED = /^(?: {4}|\t)/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;

interface Heading {
  readonly level: number;
  readonly title: string;
  /** Where its first line begins, and its last one ends. */
  readonly start: number;
  readonly end: number;
}

function* linesOf(text: string, from: number): Generator<Line> {
  let start = from;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    yield { text: text.slice(start, end).trimEnd(), start, end };
    start = end;
  }
}

function atxHeading(line: string): { level: number; title: string } | undefined {
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

/** Where the text begins: behind YAML front matter and a byte order mark. */
function bodyStart(text: string): number {
  if (!/^\ufeff?---[ \t]*\r?\n/.test(text)) return 0;
  let count = 0;
  for (const line of linesOf(text, 0)) {
    count += 1;
    if (count > FRONT_MATTER_LINES_MAX) break;
    if (count > 1 && /^(?:---|\.\.\.)$/.test(line.text)) return line.end;
  }
  return 0;
}

/**
 * The headings in order: ATX and setext, outside code, blocks of HTML and front matter.
 * Source: CommonMark 0.31.2, sections 4.2 to 4.6. Those within quotations and lists are part of these.
 */
function* headingsOf(text: string): Generator<Heading> {
  let fence: string | undefined;
  let html: RegExp | undefined;
  let paragraph: Line[] = [];
  for (const line of linesOf(text, bodyStart(text))) {
    const open = fence;
    if (html === undefined) fence = fenceAfter(open, line.text);
    if (open !== undefined || fence !== undefined) {
      paragraph = [];
      continue;
    }
    html ??= HTML_BLOCKS.find(([begins]) => begins.test(line.text))?.[1];
    if (html !== undefined) {
      if (html.test(line.text)) html = undefined;
      paragraph = [];
      continue;
    }
    const heading = atxHeading(line.text);
    const underline = UNDERLINE.exec(line.text)?.[1];
    const [first] = paragraph;
    if (heading !== undefined) yield { ...heading, start: line.start, end: line.end };
    else if (underline !== undefined && first !== undefined) {
      const title = paragraph.map((each) => each.text.trim()).join(' ');
      if (title.length <= HEADING_CHARACTERS_MAX)
        yield { level: underline.startsWith('=') ? 1 : 2, title, start: first.start, end: line.end };
    } else if (!NO_PARAGRAPH.test(line.text) && (first !== undefined || !INDENTED.test(line.text))) {
      paragraph.push(line);
      continue;
    }
    paragraph = [];
  }
}

/** The sections in the order of the text, those without a word in them too. */
export function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  let path: string[] = [];
  let start = bodyStart(text);
  for (const heading of headingsOf(text)) {
    sections.push({ path: path.filter((title) => title !== ''), start, end: heading.start });
    path = [...Array.from({ length: heading.level - 1 }, (_, level) => path[level] ?? ''), heading.title];
    start = heading.end;
  }
  sections.push({ path: path.filter((title) => title !== ''), start, end: text.length });
  return sections;
}

/** What it is called: the title it was given, else the first heading of the first level, else the file's name. */
export function titleOf({ file, text, title: given, kind }: Titled): string {
  if (given !== undefined) return given;
  if (kind !== undefined && kind !== 'markdown') return file;
  for (const { level, title } of headingsOf(text)) if (level === 1 && title !== '') return title;
  return file;
}
