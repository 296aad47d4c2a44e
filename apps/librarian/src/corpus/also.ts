// Other words for a section, which its author gives in a comment below its heading: `<!-- also: hook up a camera, pair a mount -->`.
// A section is found by them too. They are shown to nobody and quoted nowhere.

/** A longer comment is none of these. */
const CHARACTERS_MAX = 2_000;
const OPENING = /^\s*<!--[ \t]*also:/;
const PHRASES_MAX = 40;

/** The phrases of the section whose text this begins; none where no such comment comes first. */
export function alsoOf(text: string): string[] {
  const head = OPENING.exec(text.slice(0, CHARACTERS_MAX))?.[0];
  if (head === undefined) return [];
  const end = text.slice(0, CHARACTERS_MAX).indexOf('-->', head.length);
  if (end === -1) return [];
  const phrases = text.slice(head.length, end).split(',');
  return phrases
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '')
    .slice(0, PHRASES_MAX);
}
