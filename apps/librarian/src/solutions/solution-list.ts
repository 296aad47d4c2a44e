// Lists of solutions, page by page. The cursor is the place of the last one, so what is logged between two pages repeats nothing.
import { packCursor, unpackCursor } from '@labmesh/agent';
import { AppError, type Call, type librarian, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { indexTerms } from '@labmesh/search';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Library } from '../corpus/library.js';
import { OwnProjects } from '../projects/own-projects.js';
import { fileOf, idOf } from './solution.js';
import { SOLUTIONS_SCOPE } from './solutions-scope.js';
import { type ListedSolution, type PlaceInList, StandingRepository } from './standing.repository.js';

type Tool = (typeof librarian.tools)['list_solutions'];
type Listed = ToolOutput<Tool>;

/** Passages with any of the words that are looked at, those that have most of them first. */
const PASSAGES_MAX = 2_000;
const Packed = z.tuple([
  z.enum(['newest', 'votes']),
  z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  z.string().regex(/^\d{1,18}$/),
]);

@Injectable()
export class SolutionList {
  constructor(
    @Inject(StandingRepository) private readonly repository: Pick<StandingRepository, 'list'>,
    @Inject(Library) private readonly library: Pick<Library, 'upToDate'>,
    @Inject(OwnProjects) private readonly projects: Pick<OwnProjects, 'assertOwn'>,
  ) {}

  /**
   * @throws AppError invalid_input for a cursor that no page gave, or words that nothing is found by; not_found for a project that is
   * not the caller's
   */
  async list(input: ToolInput<Tool>, call: Call): Promise<Listed> {
    const { words, tags, author, accepted, of, project, order, limit, cursor } = input;
    if (project !== undefined) await this.projects.assertOwn(project, call);
    const { walletId } = call.principal;
    for (const text of tags) if (text.includes('\0')) return { solutions: [] };
    // One more than asked for tells whether there are more.
    const rows = await this.repository.list({
      walletId,
      ids: words === undefined ? undefined : await this.#withAll(words),
      tags,
      mine: author === 'mine',
      accepted,
      of: of === undefined ? undefined : idOf(of),
      project,
      byVotes: order === 'votes',
      after: cursor === undefined ? undefined : placeIn(cursor, order),
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      solutions: page.map((row) => describe(row, walletId)),
      ...(last === undefined || rows.length <= limit
        ? {}
        : { nextCursor: packCursor([order, last.votes, last.sequence]) }),
    };
  }

  /** Ids of the solutions in which all of the words stand. */
  async #withAll(words: string): Promise<string[]> {
    const terms = [...new Set(indexTerms(words))];
    if (terms.length === 0)
      throw new AppError(
        'invalid_input',
        `Cannot look for "${words}": it has only words that are everywhere. Use others, such as the name of what failed.`,
      );
    const corpus = await this.library.upToDate();
    const ids = new Set<string>();
    const seen = new Set<string>();
    for (const { file } of corpus.search(terms, PASSAGES_MAX, SOLUTIONS_SCOPE)) {
      const id = idOf(file);
      if (id === undefined || seen.has(file)) continue;
      seen.add(file);
      const theirs = corpus.termsOf(file);
      if (terms.every((term) => theirs.has(term))) ids.add(id);
    }
    return [...ids];
  }
}

const describe = (row: ListedSolution, walletId: string): Listed['solutions'][number] => ({
  file: fileOf(row),
  title: row.title,
  tags: row.tags,
  evidence: row.evidence,
  loggedAt: row.loggedAt.toISOString(),
  mine: row.authorWalletId === walletId,
  projects: row.projects,
  votes: row.votes,
  voted: row.voted,
  acceptedAt: row.acceptedAt?.toISOString() ?? null,
  variantOf: row.variantOf === null ? null : fileOf({ id: row.variantOf }),
});

const REFUSAL = 'Cannot go on from this cursor: use the nextCursor of the page before, unchanged, with the same order.';

function placeIn(cursor: string, wanted: string): PlaceInList {
  const [order, votes, sequence] = unpackCursor(cursor, Packed, REFUSAL);
  if (order === wanted) return { votes, sequence };
  throw new AppError('invalid_input', REFUSAL);
}
