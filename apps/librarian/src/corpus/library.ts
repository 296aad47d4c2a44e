// The one corpus of this process: installed documents, read before the first use, since most starts are asked nothing, and every
// solution, card of a dataset and document of a collection in the database, read before each use. So what any replica stored is found
// by the next question of those who may read it.

import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Principal } from '@labmesh/contracts';
import { LAB_CONFIG, type LabConfig, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { documentOf as cardDocument } from '../datasets/dataset-card.js';
import { DatasetCardsRepository, type NumberedCard } from '../datasets/dataset-cards.repository.js';
import { documentOf, type Solution } from '../solutions/solution.js';
import { SolutionsRepository } from '../solutions/solutions.repository.js';
import { CollectionsRepository } from '../sources/collections.repository.js';
import { Corpus, LAB_SHELF, type Scope } from './corpus.js';
import { readInstallation } from './installation.js';
import type { Document } from './document.js';
import { NewRows } from './new-rows.js';
import { ProjectShelves } from './project-shelves.js';
import { Shelves } from './shelves.js';

/** What somebody may ask. */
export interface Readable {
  readonly corpus: Corpus;
  readonly scope: Scope;
}

@Injectable()
export class Library {
  readonly #corpus = new Corpus();
  #installed: Promise<void> | undefined;
  readonly #newSolutions: NewRows<Solution>;
  readonly #newCards: NewRows<NumberedCard>;
  readonly #shelves: Shelves;
  readonly #projects = new ProjectShelves(this.#corpus);

  constructor(
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'installRoot'>,
    @Inject(SolutionsRepository) solutions: SolutionsRepository,
    @Inject(DatasetCardsRepository) cards: DatasetCardsRepository,
    @Inject(CollectionsRepository) collections: Pick<
      CollectionsRepository,
      'readable' | 'versions' | 'texts' | 'present'
    >,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {
    this.#shelves = new Shelves(this.#corpus, collections);
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

  /**
   * The corpus with every solution and card that was stored before this call. Calls may overlap: each reads for itself, because
   * one that joined an earlier read could miss what was logged since that began; what two of them read is added once.
   */
  async upToDate(): Promise<Corpus> {
    await this.#withInstalled();
    await this.#newSolutions.take();
    await this.#newCards.take();
    return this.#corpus;
  }

  /** What the caller may read, and nothing else: with every document of it that was stored before this call. */
  async readBy({ walletId }: Pick<Principal, 'walletId'>): Promise<Readable> {
    const corpus = await this.upToDate();
    const shelves = await this.#shelves.readBy(walletId);
    return { corpus, scope: { shelves: [LAB_SHELF, ...shelves] } };
  }

  /** The texts of a project, which its owner has just read, on the shelf of its id. */
  withProject(projectId: string, documents: readonly Document[]): Promise<void> {
    return this.#projects.bring(projectId, documents);
  }

  /** Takes away what this process no longer needs. */
  async tidy(): Promise<void> {
    this.#projects.tidy();
    await this.#shelves.tidy();
  }

  /** Once for all who ask. What could not be read is tried again by the next question. */
  #withInstalled(): Promise<void> {
    this.#installed ??= this.#readInstalled().catch((error: unknown) => {
      this.#installed = undefined;
      throw error;
    });
    return this.#installed;
  }

  async #readInstalled(): Promise<void> {
    const { documents, skipped } = await readInstallation(this.config.installRoot);
    for (const document of documents) {
      this.#corpus.add(document);
      await othersTurn();
    }
    for (const reason of skipped) this.log.warn({ reason }, 'a document is not in the knowledge base');
    this.log.info({ documents: this.#corpus.size() }, 'the installed documents are read');
  }
}
