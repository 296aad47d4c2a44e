// A masked line cut into words and what stands between them, so that the line can be put together again.

const SEPARATORS = new Set(' \t\r\n=:,;|"\'<>{}');
const OPENING = new Set('([');
const CLOSING = new Set(')]');
/** What stands before a value: `name=value`, `"value"`. */
const BEFORE_VALUE = /[="']$/;
/** Values that say what happened rather than to what. */
const OUTCOME = /^(?:true|false|null|yes|no|on|off)$/i;

export interface LineWords {
  readonly words: readonly string[];
  /** One more than words: before the first, between each two, after the last. */
  readonly gaps: readonly string[];
}

/** A parenthesis within a word, as in `init()` and `LOCAL(0)`, belongs to it; one around words does not. */
export function wordsOf(line: string): LineWords {
  const words: string[] = [];
  const gaps: string[] = [];
  let [word, gap, open] = ['', '', 0];
  const end = (): void => {
    if (word === '') return;
    words.push(word);
    gaps.push(gap);
    [word, gap, open] = ['', '', 0];
  };
  for (let at = 0; at < line.length; at += 1) {
    const letter = line.charAt(at);
    const opens = OPENING.has(letter);
    const within = opens ? word !== '' && at + 1 < line.length && line.charAt(at + 1) !== ' ' : open > 0;
    if (SEPARATORS.has(letter) || ((opens || CLOSING.has(letter)) && !within)) {
      end();
      gap += letter;
      continue;
    }
    word += letter;
    if (opens) open += 1;
    else if (CLOSING.has(letter)) open -= 1;
  }
  end();
  gaps.push(gap);
  return { words, gaps };
}

/** Whether the word at this place is a value by its form, so that another one there is no other event. */
export const isValue = ({ words, gaps }: LineWords, at: number): boolean =>
  BEFORE_VALUE.test(gaps[at] ?? '') && !OUTCOME.test(words[at] ?? '');
