// The one corpus of this process: installed documents, read at start, and every solution in the database, read before
// each use. So a solution that any replica logged is found by the next question to this one.
import { LAB_CONFIG, type LabConfig, LOGGER, type Logger } from '@labmesh/agent';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { documentOf } from '../solutions/solution.js';
import { SolutionsRepository } from '../solutions/solutions.repository.js';
import { Corpus } from './corpus.js';
import { readInstallation } from './installation.js';

@Injectable()
export class Library implements OnModuleInit {
  readonly #corpus = new Corpus();
  #lastSequence = 0;

  constructor(
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'installRoot'>,
    @Inject(SolutionsRepository) private readonly solutions: SolutionsRepository,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {}

  async onModuleInit(): Promise<void> {
    const { documents, skipped } = await readInstallation(this.config.installRoot);
    for (const document of documents) this.#corpus.add(document);
    for (const reason of skipped) this.log.warn({ reason }, 'a document is not in the knowledge base');
    await this.upToDate();
    this.log.info({ documents: this.#corpus.documentCount }, 'the knowledge base is read');
  }

  /**
   * The corpus with every solution that was logged before this call. Calls may overlap: each reads for itself, because
   * one that joined an earlier read could miss what was logged since that began; what two of them read is added once.
   */
  async upToDate(): Promise<Corpus> {
    for (let more = true; more; ) {
      const page = await this.solutions.newerThan(this.#lastSequence);
      for (const solution of page.solutions) {
        this.#corpus.add(documentOf(solution));
        this.#lastSequence = Math.max(this.#lastSequence, solution.sequence);
      }
      more = page.more;
    }
    return this.#corpus;
  }
}
