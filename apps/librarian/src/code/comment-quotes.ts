// What of a comment of code can be quoted: its sentences, each an exact slice of the file, without the signs that make it a comment.
import type { Quote } from '../answers/quotable.js';

const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });
/** Before and after the words of a line. Each is as long as the spaces that take its place, so that places stay what they are. */
const SIGNS =
  /^[^\S\n]*(?:\/\*+!?|\/\/[/!]?|\*(?!\/|\w)|#+!?|[rbuRBU]{0,2}(?:"""|'''|"|'))|(?:\*+\/|"""|'''|"|')[^\S\n]*$/gm;

/** A line end within a comment ends no sentence, so the segmenter sees spaces there; an empty line, and a tag (`@throws`), begin anew. */
export function commentQuotes(text: string, { start, end }: { readonly start: number; readonly end: number }): Quote[] {
  const bare = text.slice(start, end).replace(SIGNS, (signs) => ' '.repeat(signs.length));
  const quotes: Quote[] = [];
  for (const { 0: paragraph, index: at } of bare.matchAll(/(?:[^\n]|\n(?![^\S\n]*(?:\n|@)))+/g))
    for (const { index, segment } of SENTENCES.segment(paragraph.replace(/\s/g, ' '))) {
      const words = segment.trim();
      if (!/\p{L}{2}/u.test(words)) continue;
      const from = start + at + index + segment.indexOf(words);
      const to = from + words.length;
      const kind = /[?]$/.test(words) ? 'question' : 'statement';
      const quote: Quote = { start: from, end: to, text: text.slice(from, to), kind };
      const told = bare.slice(from - start, to - start);
      quotes.push(told === quote.text ? quote : { ...quote, pieces: linesOf(told, quote) });
    }
  return quotes;
}

/** What stands between two marks: the lines, without the space around them. */
function linesOf(told: string, { start, kind }: Quote): Quote[] {
  return [...told.matchAll(/[^\s](?:[^\n]*[^\s])?/g)].flatMap(({ 0: text, index }) =>
    /\p{L}{2}/u.test(text) ? [{ start: start + index, end: start + index + text.length, text, kind }] : [],
  );
}
