// A thread that knows how English is spelt: of words that are none, the words that one slip of the hand makes of them. Reading its
// dictionary takes a third of a second, for which nobody else has to wait.
import { parentPort } from 'node:worker_threads';
import dictionary from 'dictionary-en';
import nspell from 'nspell';

const LETTERS = "abcdefghijklmnopqrstuvwxyz'";
const english = nspell(Buffer.from(dictionary.aff), Buffer.from(dictionary.dic));

/** A letter swapped with the next, another, left out, or added; the first is hardly ever wrong. */
function* slips(word) {
  for (let at = 1; at < word.length - 1; at += 1)
    yield word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
  for (let at = 1; at <= word.length; at += 1)
    for (const letter of LETTERS) yield word.slice(0, at) + letter + word.slice(at);
  for (let at = 1; at < word.length; at += 1) yield word.slice(0, at) + word.slice(at + 1);
  for (let at = 1; at < word.length; at += 1)
    for (const letter of LETTERS) yield word.slice(0, at) + letter + word.slice(at + 1);
}

const near = (word) =>
  english.correct(word) ? [] : [...new Set(slips(word))].filter((other) => other !== word && english.correct(other));

parentPort?.on('message', ({ number, words }) => parentPort?.postMessage({ number, near: words.map(near) }));
