// Writes Markdown whose headings are the ones that are meant: what a file says is never taken for markup of ours.
import { Refused } from './refused.mjs';

/** Most characters of a file's text: longer ones could not be answered in one message. */
export const TEXT_CHARACTERS_MAX = 512 * 1024;
/** Longer headings are paragraphs to whoever cuts the text. */
const HEADING_CHARACTERS_MAX = 200;

const oneLine = (text) => text.replace(/\s+/g, ' ').trim();

/** A line of prose, so that it is read as one. */
export const proseLine = (text) => oneLine(text).replace(/^(#{1,6}(?= |$)|<|`{3,}|~{3,}|=+$|-+$)/, '\\$1');

/** Prose of several paragraphs, each on one line. */
export const prose = (text) =>
  text
    .split(/\n\s*\n/)
    .map(proseLine)
    .filter((line) => line !== '')
    .join('\n\n');

export class MarkdownText {
  #parts = [];
  #length = 0;

  heading(level, text) {
    const line = oneLine(text)
      .slice(0, HEADING_CHARACTERS_MAX)
      .trim()
      .replace(/[ \t]#+$/, '');
    if (line !== '') this.#add(`${'#'.repeat(Math.min(level, 6))} ${line}`);
  }

  /** A block as it is: already Markdown. */
  block(text) {
    const block = text.replace(/\s+$/, '');
    if (block.trim() !== '') this.#add(block);
  }

  code(text, language = '') {
    const body = text.replace(/^\n+|\s+$/g, '');
    if (body.trim() === '') return;
    let fence = '```';
    while (body.includes(fence)) fence += '`';
    this.#add(`${fence}${language}\n${body}\n${fence}`);
  }

  #add(block) {
    this.#length += block.length + 2;
    if (this.#length > TEXT_CHARACTERS_MAX)
      throw new Refused(`its text has more than ${TEXT_CHARACTERS_MAX} characters: split it`);
    this.#parts.push(block);
  }

  toString() {
    return this.#parts.length === 0 ? '' : `${this.#parts.join('\n\n')}\n`;
  }
}
