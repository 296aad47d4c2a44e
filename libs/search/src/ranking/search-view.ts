// A question to a view: ranks all that its words find, then orders the best by nearness of words and by feedback.
import { Best, byRank, type Candidate } from './best.js';
import { FedScores, fedTerms, type ReadCandidate } from './feedback.js';
import { Nearness } from './nearness.js';
import { type RankedTerm, rankPart, type Work } from './rank-part.js';
import type { View, ViewTerm } from './view.js';

/** How many are ordered anew. */
const REFINED = 100;
/** Share of the fed terms in the score. */
const FEEDBACK_SHARE = 0.5;
/** Terms of a longer question count by what they tell apart, the rarest first. */
const TERMS_MAX = 64;

export interface ViewQuestion {
  /** In the order in which they are asked; a term asked twice counts twice. */
  readonly terms: readonly string[];
  readonly limit: number;
  /** How much a term counts beside others; 1 when left out, and for those that are not in it. */
  readonly weights: ReadonlyMap<string, number> | undefined;
  /** Whether entries are read, for what stands near what. */
  readonly refine: boolean;
  /** Whether words of the best entries reorder what was found. */
  readonly feedback: boolean;
  /** Entries that count, by their part's place in the view; all when left out. */
  readonly counts?: (part: number, entry: number) => boolean;
}

export function searchView(view: View, question: ViewQuestion, work: Work): Candidate[] {
  const { terms, times, sequence } = asked(view, question.terms, question.weights);
  const refined = question.limit <= 0 ? 0 : question.refine ? Math.max(REFINED, question.limit) : question.limit;
  const best = new Best(refined);
  for (const [at, { part }] of view.parts.entries()) {
    const ranked = terms.flatMap(({ found, inverseFrequency }, place): RankedTerm[] => {
      const inPart = found[at];
      if (inPart === undefined) return [];
      return [{ list: part.postings(inPart), factor: inverseFrequency * (times[place] ?? 0) }];
    });
    const { counts } = question;
    const filter = counts === undefined ? {} : { counts: (entry: number) => counts(at, entry) };
    if (ranked.length > 0 && refined > 0)
      rankPart(at, { part, terms: ranked }, { weighing: view.weighing, best, work, ...filter });
  }
  const found = best.sorted();
  if (found.length < 2 || !question.refine) return found;
  const nearness = new Nearness(view, terms, sequence);
  const near = found.map((candidate): ReadCandidate => read(view, nearness, candidate)).sort(byRank);
  const ordered = question.feedback ? withFeedback(view, near, question) : near;
  return ordered.slice(0, question.limit).map(({ part, entry, score }) => ({ part, entry, score }));
}

/** Each term once, in the order in which it was asked first. */
function asked(view: View, words: readonly string[], weights: ReadonlyMap<string, number> | undefined) {
  const times = new Map<string, number>();
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
  const known = [...times.keys()].map((word) => view.term(word)).filter(({ count }) => count > 0);
  const rarest = known.toSorted((a, b) => a.count - b.count).slice(0, TERMS_MAX);
  const terms: ViewTerm[] = known.length <= TERMS_MAX ? known : known.filter((term) => rarest.includes(term));
  const places = new Map(terms.map(({ term }, place) => [term, place]));
  return {
    terms,
    times: terms.map(({ term }) => (times.get(term) ?? 0) * (weights?.get(term) ?? 1)),
    // What counts less than a word of the question stands in no order with it.
    sequence: words.flatMap((word) => ((weights?.get(word) ?? 1) < 1 ? [] : (places.get(word) ?? []))),
  };
}

function read(view: View, nearness: Nearness, candidate: Candidate): ReadCandidate {
  const part = view.parts[candidate.part]?.part;
  const fields = part?.fieldsOf(candidate.entry) ?? [];
  const more = part === undefined ? 0 : nearness.score(candidate, fields, part);
  return { ...candidate, score: candidate.score + more, fields };
}

function withFeedback(
  view: View,
  near: readonly ReadCandidate[],
  { terms: asked, weights }: ViewQuestion,
): Candidate[] {
  const terms = fedTerms(view, near, new Set(asked));
  const count = asked.reduce((sum, term) => sum + (weights?.get(term) ?? 1), 0);
  if (terms.length === 0) return [...near];
  const fed = new FedScores(view, terms);
  return near
    .map((candidate): Candidate => {
      const own = candidate.score / Math.max(count, Number.MIN_VALUE);
      const score = (1 - FEEDBACK_SHARE) * own + FEEDBACK_SHARE * fed.of(candidate);
      return { part: candidate.part, entry: candidate.entry, score };
    })
    .sort(byRank);
}
