// English word endings off, so that "galaxies" finds "galaxy". The rules are Porter's, and nothing is added to them.

/** Suffix and what it becomes. Of a step's rules only the one with the longest fitting suffix is tried. */
type Rule = readonly [suffix: string, replacement: string];

const rules = (text: string): readonly Rule[] =>
  text
    .trim()
    .split(/\s+/)
    .map((rule): Rule => [rule.split('>')[0] ?? '', rule.split('>')[1] ?? ''])
    .sort(([a], [b]) => b.length - a.length);

const PLURALS = rules('sses>ss ies>i ss>ss s>');
const DOUBLE_SUFFIXES = rules(`
  ational>ate tional>tion enci>ence anci>ance izer>ize abli>able alli>al entli>ent eli>e ousli>ous ization>ize ation>ate
  ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble`);
const NOTION_SUFFIXES = rules('icate>ic ative> alize>al iciti>ic ical>ic ful> ness>');
const LAST_SUFFIXES = rules(
  'al> ance> ence> er> ic> able> ible> ant> ement> ment> ent> ion> ou> ism> ate> iti> ous> ive> ize>',
);

/** Texts repeat their words: most stems are looked up. */
const STEMS = new Map<string, string>();
const STEMS_MAX = 50_000;

/** Consonants and vowels: "toy" -> "cvc", "syzygy" -> "cvcvcv". A y after a consonant is a vowel. */
function shapeOf(word: string): string {
  let shape = '';
  for (const letter of word) {
    shape += 'aeiou'.includes(letter) || (letter === 'y' && shape.endsWith('c')) ? 'v' : 'c';
  }
  return shape;
}

/** Porter's m: how many times vowels are followed by consonants. */
const measure = (word: string): number => shapeOf(word).match(/v+c/g)?.length ?? 0;
const hasVowel = (word: string): boolean => shapeOf(word).includes('v');
const endsDouble = (word: string): boolean => /([^aeiou])\1$/.test(word) && shapeOf(word).endsWith('cc');
/** Ends like "hop": a short syllable that takes an e back ("hoping" -> "hope"), not "snow", "box" or "tray". */
const endsShort = (word: string): boolean => shapeOf(word).endsWith('cvc') && !/[wxy]$/.test(word);

function replaceSuffix(word: string, table: readonly Rule[], measureOver: number): string {
  const rule = table.find(([suffix]) => word.endsWith(suffix));
  if (rule === undefined) return word;
  const [suffix, replacement] = rule;
  const rest = word.slice(0, word.length - suffix.length);
  if (suffix === 'ion' && !/[st]$/.test(rest)) return word;
  return measure(rest) > measureOver ? rest + replacement : word;
}

function withoutTense(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const rest = word.replace(/(ed|ing)$/, '');
  if (rest === word || !hasVowel(rest)) return word;
  if (/(at|bl|iz)$/.test(rest)) return `${rest}e`;
  if (endsDouble(rest) && !/[lsz]$/.test(rest)) return rest.slice(0, -1);
  return measure(rest) === 1 && endsShort(rest) ? `${rest}e` : rest;
}

function withoutFinalE(word: string): string {
  const rest = word.slice(0, -1);
  if (word.endsWith('e') && (measure(rest) > 1 || (measure(rest) === 1 && !endsShort(rest)))) return rest;
  return word;
}

/**
 * The stem of a lower-case English word; anything but a to z only, or under three letters, comes back as it is.
 * Source: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, pages 130-137.
 */
export function stem(word: string): string {
  const known = STEMS.get(word);
  if (known !== undefined) return known;
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  const result = applySteps(word);
  if (STEMS.size < STEMS_MAX) STEMS.set(word, result);
  return result;
}

function applySteps(word: string): string {
  let result = replaceSuffix(word, PLURALS, -1);
  result = withoutTense(result);
  if (result.endsWith('y') && hasVowel(result.slice(0, -1))) result = `${result.slice(0, -1)}i`;
  result = replaceSuffix(result, DOUBLE_SUFFIXES, 0);
  result = replaceSuffix(result, NOTION_SUFFIXES, 0);
  result = replaceSuffix(result, LAST_SUFFIXES, 1);
  result = withoutFinalE(result);
  return result.endsWith('ll') && measure(result) > 1 ? result.slice(0, -1) : result;
}
