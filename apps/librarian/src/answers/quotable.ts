// What of a text can be quoted: its sentences, list items, table rows and lines of code, each an exact slice of it, with what each is
// worth as an answer.
import type { DocumentKind } from '../corpus/document.js';
import { fenceAfter } from '../corpus/headings.js';

const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });
/** Marks before the words of a line, in the order in which they are looked for. */
const LIST_MARK = /^\s*(?:[-*+]|\d{1,9}[.)])\s+/;
const QUOTE_MARK = /^\s*>\s?/;
const RULE = /^[\s:|-]*$/;
const TABLE_RULE = /^\s*\|[\s:|-]+$/;
const COMMENT = /^\s*<!--.*-->\s*$/;
/** A picture or badge alone on its line says nothing in words. */
const PICTURE = /^\s*\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?\s*$/;
const ASKS = /[?？؟]["'”’»`)\]*_]*$/u;
/** What a program wrote into a document stands between two of these with the same name. */
const GENERATED = /^<!-- ([\w-]+):(start|end) -->/gm;

/** Only statements answer. Code, questions and what is generated tell what a passage is about. */
export type QuoteKind = 'statement' | 'question' | 'code' | 'generated';

export interface Quote {
  /** `text.slice(start, end)` of what was cut. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly kind: QuoteKind;
  /** Pieces without marks, each a quote, of a sentence that has marks of a comment within it. */
  readonly pieces?: readonly Quote[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Quotable pieces in the order of the text, white space around them left out. Lines of one paragraph stay together. */
export function quotesOf(text: string, kind: DocumentKind = 'markdown'): Quote[] {
  if (kind === 'markdown') return new MarkdownQuotes(text).read();
  const piece = kind === 'code' ? /[^\n]+/g : /(?:[^\n]|\n(?![^\S\n]*\n))+/g;
  const quotes = new Quotes(text);
  for (const { 0: found, index } of text.matchAll(piece))
    if (kind === 'code') quotes.add(index, index + found.length, 'code');
    else quotes.addSentences({ start: index, end: index + found.length });
  return quotes.found;
}

/** Where a program wrote into Markdown. A start that nothing ends is a line like any other. */
export function generatedSpans(text: string): Span[] {
  const marks = [...text.matchAll(GENERATED)].map(({ 0: mark, 1: name = '', 2: kind, index }) => ({
    name,
    isStart: kind === 'start',
    start: index,
    end: index + mark.length,
  }));
  // From the last one back: of each name the next end is known.
  const ends = new Map<string, number>();
  const whole: Span[] = [];
  for (const { name, isStart, start, end } of marks.reverse()) {
    const closed = ends.get(name);
    if (!isStart) ends.set(name, end);
    else if (closed !== undefined) whole.push({ start, end: closed });
  }
  const spans: Span[] = [];
  for (const span of whole.reverse()) if (span.start >= (spans.at(-1)?.end ?? 0)) spans.push(span);
  return spans;
}

class Quotes {
  readonly found: Quote[] = [];

  constructor(protected readonly text: string) {}

  add(from: number, to: number, kind: QuoteKind = 'statement'): void {
    const piece = this.text.slice(from, to);
    const bare = withoutHalfMarks(piece.trim());
    if (!/[\p{L}\p{N}]/u.test(bare)) return;
    const start = from + piece.indexOf(bare);
    const asks = kind === 'statement' && ASKS.test(bare);
    this.found.push({ start, end: start + bare.length, text: bare, kind: asks ? 'question' : kind });
  }

  /** A line break inside a paragraph ends no sentence, so the segmenter sees a space of the same length there. */
  addSentences({ start, end }: Span): void {
    const flat = this.text.slice(start, end).replace(/[\r\n\t]/g, ' ');
    for (const { index, segment } of SENTENCES.segment(flat)) this.add(start + index, start + index + segment.length);
  }
}

class MarkdownQuotes extends Quotes {
  #paragraph: Span | undefined;
  #fence: string | undefined;
  #comment = false;

  read(): Quote[] {
    const lines = this.text.split('\n');
    let start = 0;
    for (const [at, line] of lines.entries()) {
      this.#line(line, start, lines[at + 1] ?? '');
      start += line.length + 1;
    }
    this.#finish();
    return this.found;
  }

  #line(line: string, start: number, next: string): void {
    const end = start + line.length;
    const open = this.#fence;
    if (!this.#comment) this.#fence = fenceAfter(open, line.trimEnd());
    if (open !== undefined || this.#fence !== undefined) {
      this.#finish();
      if (open === this.#fence) this.add(start, end, 'code');
    } else if (this.#comment || RULE.test(line) || COMMENT.test(line) || PICTURE.test(line)) {
      this.#finish();
      if (line.includes('-->')) this.#comment = false;
    } else if (/^\s*<!--/.test(line)) {
      this.#finish();
      this.#comment = true;
    } else if (line.trimStart().startsWith('|')) {
      this.#finish();
      // The row above the rule of a table names columns and says nothing.
      if (!TABLE_RULE.test(next)) this.#row(line, start);
    } else {
      const mark = (LIST_MARK.exec(line) ?? QUOTE_MARK.exec(line))?.[0] ?? '';
      if (mark !== '') this.#finish();
      this.#paragraph = { start: this.#paragraph?.start ?? start + mark.length, end };
    }
  }

  #row(line: string, start: number): void {
    const from = line.indexOf('|') + 1;
    const bare = line.trimEnd();
    this.add(start + from, start + (bare.endsWith('|') && bare.length > from ? bare.length - 1 : bare.length));
  }

  #finish(): void {
    if (this.#paragraph !== undefined) this.addSentences(this.#paragraph);
    this.#paragraph = undefined;
  }
}

/** A sentence cut out of bold text keeps only one of the two marks around it: without that one it reads better. */
function withoutHalfMarks(quote: string): string {
  if (quote.split('**').length % 2 === 1) return quote;
  if (quote.startsWith('**')) return quote.slice(2).trimStart();
  return quote.endsWith('**') ? quote.slice(0, -2).trimEnd() : quote;
}
