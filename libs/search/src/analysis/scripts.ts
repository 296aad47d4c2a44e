// Writing without spaces between words: what stands there is found by pairs of neighbours, which needs no dictionary and is the same
// on every machine.

const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+|\p{Script=Hangul}+|[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
/** A letter with its marks. */
const LETTER = /\P{M}\p{M}*/gu;

/** A word cut where such writing begins and ends. */
export function runsOf(word: string): { readonly text: string; readonly unspaced: boolean }[] {
  const runs: { text: string; unspaced: boolean }[] = [];
  let after = 0;
  for (const { 0: text, index } of word.matchAll(UNSPACED)) {
    if (index > after) runs.push({ text: word.slice(after, index), unspaced: false });
    runs.push({ text, unspaced: true });
    after = index + text.length;
  }
  if (after < word.length) runs.push({ text: word.slice(after), unspaced: false });
  return runs;
}

export const mayBeUnspaced = (text: string): boolean =>
  /[\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u{3ffff}]/u.test(text);

/** Pairs of neighbouring letters; a run of one letter as it is. With `singles` each letter too, for texts that are asked for one. */
export function pairsOf(run: string, singles: boolean): string[] {
  const letters = run.match(LETTER) ?? [];
  if (letters.length <= 1) return [...letters];
  const pairs = letters.slice(1).map((letter, at) => `${letters[at] ?? ''}${letter}`);
  return singles ? letters.flatMap((letter, at) => (at === 0 ? [letter] : [pairs[at - 1] ?? '', letter])) : pairs;
}
