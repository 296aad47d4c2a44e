// Solutions of an error: those that its fingerprint is kept with, then those that have its words.
import { tokenize } from '@labmesh/search';
import { Inject, Injectable } from '@nestjs/common';
import type { Corpus } from '../corpus/corpus.js';
import { titleOf } from '../corpus/headings.js';
import { Library } from '../corpus/library.js';
import { fileOf, idOf } from '../solutions/solution.js';
import { SOLUTIONS_SCOPE } from '../solutions/solutions-scope.js';
import { StandingRepository } from '../solutions/standing.repository.js';
import type { ErrorEvent } from './events-of.js';
import type { ErrorSolution } from './sightings.repository.js';

/** Of one event. */
const SOLUTIONS_MAX = 5;
/** Events that are looked for by their words: the first are the errors. */
const SEARCHED_MAX = 10;
const PASSAGES_MAX = 30;
/** Share of the event's words, rare ones weighing more, that a solution must have. */
const SHARE_MIN = 0.5;

export interface KnownSolution {
  readonly file: string;
  readonly title: string;
  readonly by: 'fingerprint' | 'words';
  readonly accepted: boolean;
  readonly votes: number;
}

@Injectable()
export class KnownSolutions {
  constructor(
    @Inject(Library) private readonly library: Pick<Library, 'upToDate'>,
    @Inject(StandingRepository) private readonly standing: Pick<StandingRepository, 'of'>,
  ) {}

  /** In the order of events. */
  async of(
    events: readonly ErrorEvent[],
    solving: readonly ErrorSolution[],
    fingerprintOf: (template: string) => string,
  ): Promise<KnownSolution[][]> {
    const byFingerprint = new Map<string, ErrorSolution[]>();
    for (const solution of solving)
      for (const id of new Set(solution.templates.map(fingerprintOf)))
        byFingerprint.set(id, [...(byFingerprint.get(id) ?? []), solution]);
    const corpus = await this.library.upToDate();
    const worded = events.map((event, at) =>
      at < SEARCHED_MAX && event.rank < 2 ? byWords(corpus, event.template) : [],
    );
    const standing = await this.standing.of([...new Set(worded.flat())]);
    return events.map((event, at) => {
      const kept = (byFingerprint.get(event.id) ?? []).toSorted(better).map((one): KnownSolution => {
        const { title, accepted, votes } = one;
        return { file: fileOf(one), title, by: 'fingerprint', accepted, votes };
      });
      const found = (worded[at] ?? []).flatMap((id): KnownSolution[] => {
        const file = fileOf({ id });
        const [document, said] = [corpus.document(file), standing.get(id)];
        if (document === undefined || said === undefined || kept.some((one) => one.file === file)) return [];
        return [{ file, title: titleOf(document), by: 'words', ...said }];
      });
      return [...kept, ...found].slice(0, SOLUTIONS_MAX);
    });
  }
}

const better = (a: ErrorSolution, b: ErrorSolution): number =>
  Number(b.accepted) - Number(a.accepted) || b.votes - a.votes;

/** Ids, the best first. */
function byWords(corpus: Corpus, template: string): string[] {
  const terms = [...new Set(tokenize(template.replaceAll('<*>', ' ')))];
  const weights = corpus.inverseFrequencies(terms);
  const whole = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const ids = new Set<string>();
  for (const { file, text, heading } of corpus.search(terms, PASSAGES_MAX, SOLUTIONS_SCOPE)) {
    const id = idOf(file);
    if (id === undefined) continue;
    const theirs = new Set(tokenize(`${heading}\n${text}`));
    const share = terms.reduce((sum, term) => sum + (theirs.has(term) ? (weights.get(term) ?? 0) : 0), 0);
    if (share > 0 && share >= SHARE_MIN * whole) ids.add(id);
  }
  return [...ids].slice(0, SOLUTIONS_MAX);
}
