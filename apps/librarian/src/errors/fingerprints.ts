// Which lines of logs tell of the same event. Lines are taken one by one, each group keeps its template, and memory is bounded: a
// group that was not seen for longest is forgotten first.
import { createHash } from 'node:crypto';
import { isValue, type LineWords, wordsOf } from './line-words.js';
import { masked, VARIABLE } from './masking.js';

/** A longer line is told by its beginning. */
const LINE_CHARACTERS_MAX = 4_096;
/** Share of its words that a line has in common with lines that may be of the same event. */
const SIMILAR_MIN = 0.6;
/** So many different words at the same places are the names of events; more are a variable. */
const NAMES_MAX = 5;
/** Most groups that a line is compared with: what is written with one word alone cannot hold up the rest. */
const COMPARED_MAX = 1_000;
const ID_CHARACTERS = 16;
/** What varies, in a template. */
const MARK = '<*>';

export interface Fingerprint {
  /** The same for the same template, on any machine. */
  readonly id: string;
  /** The line with `<*>` for what varies. */
  readonly template: string;
}

interface Group {
  readonly bucket: string;
  readonly line: LineWords;
  /** The words; VARIABLE for one that varies. */
  words: string[];
  fingerprint: Fingerprint;
  /** The group that it became part of. */
  within: Group | undefined;
}

/** A match of a line with a group: how alike, and the places of words that differ and are no values. */
interface Likeness {
  readonly group: Group;
  readonly share: number;
  readonly differing: readonly number[];
}

export interface FingerprintLimits {
  /** Most groups that are known at a time. */
  readonly groupsMax: number;
}

/**
 * As in Drain, lines of as many words with the same first one are compared, and a line joins the group that it has most words in
 * common with. Unlike there, a word in another's place makes another event until more than five have stood there: then their groups
 * become one. Numbers and values join at once.
 *
 * Sources: P. He, J. Zhu, Z. Zheng, M. R. Lyu, "Drain: an online log parsing approach with fixed depth tree", ICWS 2017, for the
 * search; S. Yu, P. He, N. Chen, Y. Wu, "Brain: log parsing with bidirectional parallel tree", IEEE TSC 2023, for telling a variable
 * from an event by how many different words stand at a place.
 */
export class Fingerprints {
  /** By masked line, least recently seen first: most lines were seen before. */
  readonly #known = new Map<string, Group>();
  readonly #buckets = new Map<string, Set<Group>>();
  /** Groups that differ at the same places, least recently joined first. */
  readonly #kin = new Map<string, Set<Group>>();
  /** Groups that no other took in, least recently seen first. */
  readonly #groups = new Set<Group>();
  /** Earlier ids of groups that are there. */
  readonly #renamed = new Map<string, Group>();

  constructor(private readonly limits: FingerprintLimits = { groupsMax: 20_000 }) {}

  get size(): number {
    return this.#groups.size;
  }

  /** The fingerprint of a line, which is known from now on. Of what came before, `current` says the newest id. */
  add(line: string): Fingerprint {
    const text = masked(line.slice(0, LINE_CHARACTERS_MAX).replaceAll(MARK, VARIABLE)).trim();
    const known = this.#known.get(text);
    const group = known === undefined ? this.#placed(wordsOf(text)) : this.#outermost(known);
    this.#known.delete(text);
    this.#known.set(text, group);
    this.#seen(group);
    return group.fingerprint;
  }

  /** The id that a group has now which had this one once. */
  current(id: string): string {
    const group = this.#renamed.get(id);
    return group === undefined ? id : this.#outermost(group).fingerprint.id;
  }

  /** What is known, least recently seen first. A new set of fingerprints that these templates are added to groups lines alike. */
  templates(): Fingerprint[] {
    return [...this.#groups].map(({ fingerprint }) => fingerprint);
  }

  #placed(line: LineWords): Group {
    const bucket = `${line.words.length} ${plain(line.words[0] ?? '')}`;
    let best: Likeness | undefined;
    for (const group of this.#buckets.get(bucket) ?? []) {
      const likeness = likenessOf(group, line);
      if (likeness.share >= SIMILAR_MIN && likeness.share > (best?.share ?? 0)) best = likeness;
    }
    if (best === undefined) return this.#made(bucket, line, [...line.words]);
    if (best.differing.length > 0) return this.#amongKin(best, line);
    const { group } = best;
    const words = group.words.map((word, at) => (word === line.words[at] ? word : VARIABLE));
    if (words.some((word, at) => word !== group.words[at])) this.#rename(group, words);
    return group;
  }

  /** A group of its own, until the differing places have had more words than events have names. */
  #amongKin({ group, differing }: Likeness, line: LineWords): Group {
    const { bucket } = group;
    const shared = group.words.map((word, at) => (differing.includes(at) ? VARIABLE : word));
    const key = `${bucket}|${shared.map(plain).join(' ')}`;
    const kin = new Set([group, ...(this.#kin.get(key) ?? [])].map((each) => this.#outermost(each)));
    const made = this.#made(bucket, line, [...line.words]);
    kin.add(made);
    this.#kin.delete(key);
    if (kin.size <= NAMES_MAX) {
      this.#kin.set(key, kin);
      dropOldest(this.#kin, this.limits.groupsMax);
      return made;
    }
    const whole = this.#made(bucket, line, shared);
    for (const each of kin) {
      if (each === whole) continue;
      each.within = whole;
      this.#leave(each);
      this.#renamed.set(each.fingerprint.id, whole);
    }
    dropOldest(this.#renamed, this.limits.groupsMax);
    return whole;
  }

  #made(bucket: string, line: LineWords, words: string[]): Group {
    const group: Group = { bucket, line, words, fingerprint: fingerprintOf(line, words), within: undefined };
    this.#seen(group);
    return group;
  }

  #rename(group: Group, words: string[]): void {
    group.words = words;
    const before = group.fingerprint;
    group.fingerprint = fingerprintOf(group.line, words);
    if (before.id === group.fingerprint.id) return;
    this.#renamed.set(before.id, group);
    dropOldest(this.#renamed, this.limits.groupsMax);
  }

  #outermost(group: Group): Group {
    let outer = group;
    while (outer.within !== undefined) outer = outer.within;
    return outer;
  }

  #seen(group: Group): void {
    this.#groups.delete(group);
    this.#groups.add(group);
    const ofBucket = this.#buckets.get(group.bucket) ?? new Set();
    ofBucket.delete(group);
    this.#buckets.set(group.bucket, ofBucket.add(group));
    for (const oldest of ofBucket) {
      if (ofBucket.size <= COMPARED_MAX) break;
      this.#leave(oldest);
    }
    for (const oldest of this.#groups) {
      if (this.#groups.size <= this.limits.groupsMax) break;
      this.#leave(oldest);
    }
    dropOldest(this.#known, 4 * this.limits.groupsMax);
  }

  #leave(group: Group): void {
    this.#groups.delete(group);
    const ofBucket = this.#buckets.get(group.bucket);
    ofBucket?.delete(group);
    if (ofBucket?.size === 0) this.#buckets.delete(group.bucket);
  }
}

/** A word for comparing: one with a variable in it is as good as another. */
const plain = (word: string): string => (word.includes(VARIABLE) ? VARIABLE : word);

function likenessOf(group: Group, line: LineWords): Likeness {
  const differing: number[] = [];
  let alike = 0;
  for (const [at, word] of line.words.entries()) {
    const theirs = group.words[at] ?? '';
    if (theirs === word) alike += 1;
    // A hair less than the same word: of two groups the one that has the very word is the closer.
    else if (theirs.includes(VARIABLE) || word.includes(VARIABLE) || isValue(line, at)) alike += 0.999;
    else differing.push(at);
  }
  return { group, share: alike / Math.max(1, line.words.length), differing };
}

function fingerprintOf({ gaps }: LineWords, words: readonly string[]): Fingerprint {
  const id = createHash('sha256').update(words.map(plain).join(' ')).digest('hex').slice(0, ID_CHARACTERS);
  const text = words.reduce((whole, word, at) => whole + word + (gaps[at + 1] ?? ''), gaps[0] ?? '');
  return { id, template: text.replaceAll(VARIABLE, MARK) };
}

function dropOldest<K>(map: Map<K, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
