// Which logged solution a new one looks like. It reads only: what follows from it, the logbook says.
import { tokenize } from '@labmesh/search';
import { Inject, Injectable } from '@nestjs/common';
import { Library } from '../corpus/library.js';
import { ALIKE_MIN, likeness, type Said } from './sameness.js';
import { idOf, type Solution } from './solution.js';
import { SolutionsRepository } from './solutions.repository.js';
import { SOLUTIONS_SCOPE } from './solutions-scope.js';

/** What resembles another has most of its words, so it is among the passages that these words find first. */
const TERMS_MAX = 100;
const PASSAGES_MAX = 100;

export interface LookAlike {
  readonly solution: Solution;
  /** From `ALIKE_MIN` to 1. */
  readonly share: number;
}

@Injectable()
export class LookAlikes {
  constructor(
    @Inject(SolutionsRepository) private readonly solutions: Pick<SolutionsRepository, 'byIds'>,
    @Inject(Library) private readonly library: Pick<Library, 'upToDate'>,
  ) {}

  /** The one that is most alike, of equal ones the first logged; undefined when none is. */
  async closest(said: Said): Promise<LookAlike | undefined> {
    const corpus = await this.library.upToDate();
    const found = [said.problem, said.solution].flatMap((text) =>
      corpus.search([...new Set(tokenize(text))].slice(0, TERMS_MAX), PASSAGES_MAX, SOLUTIONS_SCOPE),
    );
    const ids = new Set(found.map(({ file }) => idOf(file)).filter((id) => id !== undefined));
    let best: LookAlike | undefined;
    for (const solution of await this.solutions.byIds([...ids])) {
      const share = likeness(said, solution);
      if (share >= ALIKE_MIN && share > (best?.share ?? 0)) best = { solution, share };
    }
    return best;
  }
}
