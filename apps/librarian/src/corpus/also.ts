// Other words for a section, which its author gives in a comment below its heading: `<!-- also: hook up a camera, pair a mount -->`.
// A section is found by them too. They are shown to nobody and quoted nowhere.

/** A longer comment is none of these. */
const CHARACTERS_MAX = 2_000;
const OPENING = /^\s*<!--[ \t]*also:/;
const CLOSING = '-->';
const PHRASES_MAX = 40;

export interface Also {
  readonly phrases: readonly string[];
  /** Where the section's own text begins: behind the comment. */
  readonly end: number;
}

const NOTHING: Also = { phrases: [], end: 0 };

/** What a section's text begins with; nothing where no such comment comes first. */
export function alsoOf(text: string): Also {
  const head = OPENING.exec(text.slice(0, CHARACTERS_MAX))?.[0];
  if (head === undefined) return NOTHING;
  const close = text.slice(0, CHARACTERS_MAX).indexOf(CLOSING, head.length);
  if (close === -1) return NOTHING;
  const phrases = text.slice(head.length, close).split(',');
  return {
    phrases: phrases
      .map((phrase) => phrase.trim())
      .filter((phrase) => phrase !== '')
      .slice(0, PHRASES_MAX),
    end: close + CLOSING.length,
  };
}
