// The part of the knowledge base that belongs to a project: its own texts as they are now, and what was brought and logged for it. Only
// its owner gets that far: to everybody else the Architect says that there is no such project, before anything is looked at.
import type { Call } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { type Corpus, LAB_SHELF } from '../corpus/corpus.js';
import { Library, type Readable } from '../corpus/library.js';
import { idOf, SOLUTIONS } from '../solutions/solution.js';
import { BelongingsRepository } from './belongings.repository.js';
import { OwnProjects } from './own-projects.js';
import { documentsOf } from './project-documents.js';

@Injectable()
export class ProjectKnowledge {
  constructor(
    @Inject(OwnProjects) private readonly projects: Pick<OwnProjects, 'texts'>,
    @Inject(BelongingsRepository) private readonly belongings: Pick<BelongingsRepository, 'of'>,
    @Inject(Library) private readonly library: Pick<Library, 'readBy' | 'withProject'>,
  ) {}

  /** All that belongs to it. @throws AppError not_found, also for another's, and what else the Architect refuses with */
  async asked(projectId: string, call: Call): Promise<Readable> {
    const corpus = await this.#with(projectId, call);
    const { collections, solutions } = await this.belongings.of(projectId, call.principal.walletId);
    // Solutions are among the lab's documents; where there is none, these have no part in what a word counts.
    const shelves = [projectId, ...collections, ...(solutions.size === 0 ? [] : [LAB_SHELF])];
    const counts: Readable['scope']['counts'] = ({ collection, file }) =>
      collection === projectId ||
      collections.has(collection) ||
      (collection === SOLUTIONS && solutions.has(idOf(file) ?? ''));
    return { corpus, scope: { shelves, counts } };
  }

  /** Its own texts alone. @throws AppError as `asked` */
  async texts(projectId: string, call: Call): Promise<Readable> {
    return { corpus: await this.#with(projectId, call), scope: { shelves: [projectId] } };
  }

  /** The corpus with the texts of the project, once the Architect has given them. */
  async #with(projectId: string, call: Call): Promise<Corpus> {
    const texts = await this.projects.texts(projectId, call);
    const { corpus } = await this.library.readBy(call.principal);
    await this.library.withProject(projectId, documentsOf(projectId, texts));
    return corpus;
  }
}
