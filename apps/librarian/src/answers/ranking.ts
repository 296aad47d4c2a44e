// Which passages answer best: by their words, by their best sentence, by headings, and by what the documents that they stand in are for;
// and by their meaning, where a model is in use.
import { fusedScores } from '@labmesh/encoder';
import type { Corpus, Passage, Scope } from '../corpus/corpus.js';
import type { Document } from '../corpus/document.js';
import type { Likelihoods } from '../corpus/foreseen.js';
import type { Meaning } from '../meaning/meaning.js';
import { Credit, type Holding } from './credit.js';
import type { Understood } from './understood.js';

/** How many are looked at. */
const PASSAGES = 100;
const DOCUMENTS = 50;
/** Of the best so many, each adds to its document. */
const BEST = 20;

/** Within so many characters of its beginning a document says what it is for. */
const OPENING_CHARACTERS = 600;

/** What each kind of evidence counts, each from 0 to 1; learnt on half of the questions that newcomers ask, and rounded. */
const WEIGHTS = {
  /** BM25F with nearness and feedback, of the best passage. */
  words: 0.7,
  /** BM25F of the whole document, of the best document. */
  document: 0.7,
  /** Share of the question in the headings above the passage. */
  headings: 0.8,
  /** Share of the nearest heading, and of the document's name and title, that is asked for. */
  heading: 0.4,
  name: 1.1,
  /** Share of the question in the best of the other words for its section. */
  also: 1.8,
  /** How likely the question is of those that the section's author foresaw, and that those of the whole document did. */
  foreseen: 2.5,
  foreseenDocument: 0.5,
  /** Share of the question in the best statement. */
  sentence: 0.6,
  /** Share of the best passages that are of the document. */
  others: 0.8,
  /** A document says first what it is for. */
  opening: 0.3,
  /** A statement that begins with what is asked for, when a question asks what something is. */
  definition: 0.8,
} as const;

/** A likelihood that any question of the field has, and one that leaves no doubt, as logarithms. */
const [LIKELY_MIN, LIKELY_MAX] = [1, 6];
/** Of a passage whose author foresaw nothing. */
const UNFORESEEN = 0.2;
/** What other words would add in the middle, where the author gave none. */
const UNSAID = WEIGHTS.also * 0.35 + WEIGHTS.foreseen * 0.15;

type Evidence = Readonly<Record<keyof typeof WEIGHTS, number>>;

export interface Ranked extends Passage {
  readonly evidence: Evidence;
  /** What all evidence says; where the author gave no other words, with what they would add in the middle. */
  readonly sure: number;
  /** Share of the question in the passage with its headings. */
  readonly held: number;
  /** By which it has its place: its score, where words alone rank. */
  readonly rank: number;
}

export interface Ranking {
  /** The passages that hold words of the question, best first; those in which nothing can be quoted come last. */
  readonly byWords: readonly Ranked[];
  /** With those that are found by meaning: the same as by words, where there is none. */
  readonly best: readonly Ranked[];
}

/** What words say is the same with a meaning and without: by it an answer is refused. */
export function ranked(corpus: Corpus, asked: Understood, scope: Scope, meaning?: Meaning): Ranking {
  const passages = corpus.search(asked.terms, PASSAGES, scope, asked.shares);
  const documents = corpus.documentScores(asked.terms, DOCUMENTS, scope, asked.shares);
  const judge = new Judge(asked, passages, documents, corpus.likelihoods(asked.whole, scope));
  // What a lab wrote itself has no other words: beside documents that have some it counts as if it had, in the middle, and that a
  // question was foreseen elsewhere says as much as is held there of it. Where none has any, it is the same for all.
  const isMixed = passages.some(({ words }) => words.also.length > 0);
  const weighed = (passage: Passage): Ranked => {
    const { evidence, held } = judge.evidenceOf(passage);
    let said = 0;
    for (const [kind, weight] of Object.entries(WEIGHTS)) said += weight * evidence[kind as keyof Evidence];
    const sure = said + (passage.words.also.length === 0 ? UNSAID : 0);
    const score = isMixed ? sure - WEIGHTS.foreseen * evidence.foreseen * (1 - held) : said;
    return { ...passage, score, sure, evidence, held, rank: score };
  };
  const byWords = inOrder(passages.map(weighed));
  if (meaning === undefined) return { byWords, best: byWords };
  const there = new Set(byWords.map(placeOf));
  const found = [...byWords, ...meaning.nearest.filter((passage) => !there.has(placeOf(passage))).map(weighed)];
  const ranks = fusedScores(
    found.map((passage) => ({ words: passage.score, cosine: meaning.cosineOf(passage) })),
    meaning.wordsShare,
  );
  return { byWords, best: inOrder(found.map((passage, at) => ({ ...passage, rank: ranks[at] ?? 0 }))) };
}

const placeOf = ({ document: { file }, entry }: Passage): string => `${entry} ${file}`;

const inOrder = (passages: Ranked[]): Ranked[] =>
  passages.sort((a, b) => Number(speaks(b)) - Number(speaks(a)) || b.rank - a.rank);

/** Weighs the passages that one question found. */
class Judge {
  readonly #credit: Credit;
  readonly #bestPassage: number;
  readonly #bestDocument: number;
  readonly #others = new Map<Document, number>();
  readonly #defines: boolean;

  constructor(
    private readonly asked: Understood,
    passages: readonly Passage[],
    private readonly documents: ReadonlyMap<Document, number>,
    private readonly likely: Likelihoods,
  ) {
    this.#credit = new Credit(asked);
    this.#bestPassage = passages[0]?.score ?? 1;
    this.#bestDocument = Math.max(...documents.values(), Number.MIN_VALUE);
    for (const { document } of passages.slice(0, BEST))
      this.#others.set(document, (this.#others.get(document) ?? 0) + 1 / BEST);
    this.#defines = asksWhatIs(asked);
  }

  evidenceOf(passage: Passage): Pick<Ranked, 'evidence' | 'held'> {
    const { words, document, quotes, score, start } = passage;
    const said = words.quotes.filter((_, at) => quotes[at]?.kind === 'statement');
    const credit = this.#credit;
    const [headings, name] = [credit.holds(words.heading), credit.holds(words.name)];
    const also = words.also.map((terms) => credit.holds(terms));
    const sentences = said.map((terms) => credit.holds(terms));
    const best = (holdings: readonly Holding[]): number => Math.max(0, ...holdings.map((held) => credit.ofAll([held])));
    const evidence = {
      words: score / this.#bestPassage,
      document: (this.documents.get(document) ?? 0) / this.#bestDocument,
      headings: credit.ofAll([headings]),
      heading: credit.focus(words.nearest),
      name: credit.focus(words.name),
      also: best(also),
      foreseen: likelihoodFrom0To1(this.likely.section(passage)),
      foreseenDocument: likelihoodFrom0To1(this.likely.document(passage)),
      sentence: best(sentences),
      others: this.#others.get(document) ?? 0,
      opening: Number(start < OPENING_CHARACTERS),
      definition: Number(this.#defines && said.some(([first = '']) => this.asked.shares.get(first) === 1)),
    };
    return { evidence, held: credit.ofAll([headings, name, ...also, ...sentences]) };
  }
}

const likelihoodFrom0To1 = (likelihood: number | undefined): number =>
  likelihood === undefined ? UNFORESEEN : Math.max(0, likelihood - LIKELY_MIN) / (LIKELY_MAX - LIKELY_MIN);

const WHAT_IS = /^\W*(?:what(?:'s|’s| is| are| does| do| on earth is)|who(?:'s|’s| is| are)|define|explain)\b/i;
/** A question with more words of its own asks more than what something is. */
const DEFINED_TERMS_MAX = 3;

function asksWhatIs({ question, shares }: Understood): boolean {
  return WHAT_IS.test(question) && [...shares.values()].filter((share) => share === 1).length <= DEFINED_TERMS_MAX;
}

/** Whether something in it can be quoted. In a document that is all code, that is the code. */
export const speaks = ({ quotes, document }: Passage): boolean =>
  document.kind === 'code' || quotes.some(({ kind }) => kind === 'statement');
