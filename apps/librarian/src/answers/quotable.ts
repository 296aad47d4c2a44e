// What of a passage can be quoted: its sentences, list items, table rows and lines of code, each an exact slice of it.
import { fenceAfter } from '../corpus/headings.js';

const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });
/** Marks before the words of a line, in the order in which they are looked for. */
const LIST_MARK = /^\s*(?:[-*+]|\d{1,9}[.)])\s+/;
const QUOTE_MARK = /^\s*>\s?/;
const RULE = /^[\s:|-]*$/;
const TABLE_RULE = /^\s*\|[\s:|-]+$/;
const COMMENT = /^\s*<!--.*-->\s*$/;

export interface Quote {
  readonly text: string;
  /** A line of code, which says little without the sentences around it. */
  readonly code: boolean;
}

/** Quotable pieces in the order of the text, white space around them left out. Lines of one paragraph stay together. */
export function quotesOf(text: string): Quote[] {
  const quotes: Quote[] = [];
  let paragraph: { start: number; end: number } | undefined;
  let fence: string | undefined;
  const add = (piece: string, code = false): void => {
    const quote = withoutHalfMarks(piece.trim());
    if (/[\p{L}\p{N}]/u.test(quote)) quotes.push({ text: quote, code });
  };
  const finish = (): void => {
    if (paragraph !== undefined)
      for (const sentence of sentencesOf(text.slice(paragraph.start, paragraph.end))) add(sentence);
    paragraph = undefined;
  };
  let start = 0;
  const lines = text.split('\n');
  for (const [at, line] of lines.entries()) {
    const end = start + line.length;
    const open = fence;
    fence = fenceAfter(open, line.trimEnd());
    if (open !== undefined || fence !== undefined) {
      finish();
      if (open === fence) add(line, true);
    } else if (RULE.test(line) || COMMENT.test(line)) {
      finish();
    } else if (line.trimStart().startsWith('|')) {
      finish();
      // The row above the rule of a table names columns and says nothing.
      if (!TABLE_RULE.test(lines[at + 1] ?? '')) add(line.trim().replace(/^\|/, '').replace(/\|$/, ''));
    } else {
      const mark = (LIST_MARK.exec(line) ?? QUOTE_MARK.exec(line))?.[0] ?? '';
      if (mark !== '') finish();
      paragraph = { start: paragraph?.start ?? start + mark.length, end };
    }
    start = end + 1;
  }
  finish();
  return quotes;
}

/** A sentence cut out of bold text keeps only one of the two marks around it: without that one it reads better. */
function withoutHalfMarks(quote: string): string {
  if (quote.split('**').length % 2 === 1) return quote;
  return quote.replace(/^\*\*\s*|\s*\*\*$/, '');
}

/** A line break inside a paragraph ends no sentence, so the segmenter sees a space of the same length there. */
function sentencesOf(paragraph: string): string[] {
  const flat = paragraph.replace(/[\r\n\t]/g, ' ');
  return [...SENTENCES.segment(flat)].map(({ index, segment }) => paragraph.slice(index, index + segment.length));
}
