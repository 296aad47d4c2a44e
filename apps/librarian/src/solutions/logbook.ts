// Logs solutions: stored first, then found by this process's own search before the answer goes out. The same twice is one.
import { AppError, type Call, type librarian, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Library } from '../corpus/library.js';
import { errorsIn } from '../errors/errors-in.js';
import { SightingsRepository } from '../errors/sightings.repository.js';
import { BelongingsRepository } from '../projects/belongings.repository.js';
import { OwnProjects } from '../projects/own-projects.js';
import { LookAlikes } from './look-alikes.js';
import { contentHash } from './sameness.js';
import { fileOf, type Solution } from './solution.js';
import { SolutionsRepository } from './solutions.repository.js';

type Tool = (typeof librarian.tools)['log_new_solution'];
type Logged = ToolOutput<Tool>;

const KB = 'kb://';

@Injectable()
export class Logbook {
  constructor(
    @Inject(SolutionsRepository) private readonly solutions: SolutionsRepository,
    @Inject(LookAlikes) private readonly alike: Pick<LookAlikes, 'closest'>,
    @Inject(Library) private readonly library: Pick<Library, 'upToDate'>,
    @Inject(SightingsRepository) private readonly sightings: Pick<SightingsRepository, 'record'>,
    @Inject(OwnProjects) private readonly projects: Pick<OwnProjects, 'assertOwn'>,
    @Inject(BelongingsRepository) private readonly belongings: Pick<BelongingsRepository, 'addSolution'>,
  ) {}

  /**
   * One that is there already becomes the project's too.
   * @throws AppError invalid_input for text that the database cannot keep, or evidence that is not there; conflict for what looks
   * like another one, when the caller did not say what to do then; not_found for a project that is not the caller's
   */
  async log({ project, ...input }: ToolInput<Tool>, call: Call): Promise<Logged> {
    if (project !== undefined) await this.projects.assertOwn(project, call);
    const { walletId } = call.principal;
    const { id, ...logged } = await this.#logged(input, walletId);
    if (project !== undefined) await this.belongings.addSolution(project, walletId, id);
    return logged;
  }

  async #logged(input: Omit<ToolInput<Tool>, 'project'>, author: string): Promise<Logged & { id: string }> {
    const { errorText = '', ifSimilar, ...said } = input;
    for (const text of [said.title, said.problem, said.solution, ...said.tags]) refuseUnstorable(text);
    await this.#refuseMissing(said.evidence);
    const hash = contentHash(said);
    const there = await this.solutions.byContent(hash);
    if (there !== undefined) return answerOf(there, true);
    const variantOf = await this.#variantOf(said, ifSimilar, hash);
    if (typeof variantOf === 'object' && variantOf !== null) return answerOf(variantOf, true);
    const errors = errorsIn(errorText);
    const solution = {
      ...said,
      id: `sol_${uuidv7()}`,
      authorWalletId: author,
      errorTemplates: errors.map(({ template }) => template),
      contentHash: hash,
      variantOf,
    };
    const loggedAt = await this.solutions.append(solution);
    if (loggedAt === undefined) {
      const first = await this.solutions.byContent(hash);
      if (first === undefined) throw new Error('librarian.solution_counter has lost its row');
      return answerOf(first, true);
    }
    // A sighting that a crash loses here is only a count of the author's own.
    await this.sightings.record(author, fileOf(solution), errors, loggedAt);
    await this.library.upToDate();
    return answerOf({ ...solution, loggedAt }, false);
  }

  /** Id of what it is a variant of, or null; the solution itself for one that is the same and was logged before contents had hashes. */
  async #variantOf(
    said: Pick<Solution, 'problem' | 'solution'>,
    ifSimilar: ToolInput<Tool>['ifSimilar'],
    hash: string,
  ): Promise<string | Solution | null> {
    const closest = await this.alike.closest(said);
    if (closest === undefined) return null;
    const { solution, share } = closest;
    if (contentHash(solution) === hash) return solution;
    if (ifSimilar === 'apart') return null;
    if (ifSimilar === 'variant') return solution.variantOf ?? solution.id;
    throw new AppError(
      'conflict',
      `Cannot log the solution: it looks like ${fileOf(solution)} ("${solution.title}", ${Math.floor(share * 100)} % alike). Read that one; if yours says something else, log it again with ifSimilar "variant" for another solution of the same, or "apart".`,
    );
  }

  /** Documents are the Librarian's own: a link to one that is not there helps nobody. */
  async #refuseMissing(evidence: readonly string[]): Promise<void> {
    const named = evidence.filter((one) => one.startsWith(KB));
    if (named.length === 0) return;
    const corpus = await this.library.upToDate();
    const missing = named.find((one) => corpus.document(one.slice(KB.length)) === undefined);
    if (missing !== undefined)
      throw new AppError(
        'invalid_input',
        `Cannot log the solution: its evidence ${missing} is no document of the knowledge base. Take the file of a citation, as in kb://README.md.`,
      );
  }
}

type Kept = Pick<Solution, 'id' | 'title' | 'loggedAt' | 'variantOf' | 'errorTemplates'>;

const answerOf = (kept: Kept, alreadyLogged: boolean): Logged & { id: string } => ({
  id: kept.id,
  file: fileOf(kept),
  title: kept.title,
  loggedAt: kept.loggedAt.toISOString(),
  alreadyLogged,
  variantOf: kept.variantOf === null ? null : fileOf({ id: kept.variantOf }),
  errors: kept.errorTemplates.length,
});

/** PostgreSQL text holds every character but NUL. */
function refuseUnstorable(text: string): void {
  if (text.includes('\0')) {
    throw new AppError('invalid_input', 'Cannot log the solution: its text holds a NUL character. Remove it.');
  }
}
