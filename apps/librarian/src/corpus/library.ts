// The one corpus of this process: installed documents, read at start, and every solution and card of a dataset in the database,
// read before each use. So what any replica stored is found by the next question to this one.

import { LAB_CONFIG, type LabConfig, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { documentOf as cardDocument } from '../datasets/dataset-card.js';
import { DatasetCardsRepository, type NumberedCard } from '../datasets/dataset-cards.repository.js';
import { documentOf, type Solution } from '../solutions/solution.js';
import { SolutionsRepository } from '../solutions/solutions.repository.js';
import { Corpus } from './corpus.js';
import { readInstallation } from './installation.js';
import { NewRows } from './new-rows.js';

@Injectable()
export class Library implements OnModuleInit {
  readonly #corpus = new Corpus();
  readonly #newSolutions: NewRows<Solution>;
  readonly #newCards: NewRows<NumberedCard>;

  constructor(
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'installRoot'>,
    @Inject(SolutionsRepository) solutions: SolutionsRepository,
    @Inject(DatasetCardsRepository) cards: DatasetCardsRepository,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {
    this.#newSolutions = new NewRows(
      async (after) => {
        const { solutions: rows, more } = await solutions.newerThan(after);
        return { rows, more };
      },
      (solution) => this.#corpus.add(documentOf(solution)),
    );
    this.#newCards = new NewRows(
      async (after) => {
        const { cards: rows, more } = await cards.newerThan(after);
        return { rows, more };
      },
      (card) => {
        const document = cardDocument(card);
        if (card.withdrawn) this.#corpus.remove(document.file);
        else this.#corpus.put(document);
      },
    );
  }

  async onModuleInit(): Promise<void> {
    const { documents, skipped } = await readInstallation(this.config.installRoot);
    for (const document of documents) this.#corpus.add(document);
    for (const reason of skipped) this.log.warn({ reason }, 'a document is not in the knowledge base');
    await this.upToDate();
    this.log.info({ documents: this.#corpus.documentCount }, 'the knowledge base is read');
  }

  /**
   * The corpus with every solution and card that was stored before this call. Calls may overlap: each reads for itself, because
   * one that joined an earlier read could miss what was logged since that began; what two of them read is added once.
   */
  async upToDate(): Promise<Corpus> {
    await this.#newSolutions.take();
    await this.#newCards.take();
    return this.#corpus;
  }
}
