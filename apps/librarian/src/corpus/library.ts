// The one corpus of this process, opened before the first use, since most starts are asked nothing: installed documents, and every
// solution, card of a dataset and document of a collection in the database, read before each use. So what any replica stored is found
// by the next question of those who may read it.

import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Principal } from '@labmesh/contracts';
import { LAB_CONFIG, type LabConfig, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { documentOf as cardDocument } from '../datasets/dataset-card.js';
import { DatasetCardsRepository, type NumberedCard } from '../datasets/dataset-cards.repository.js';
import { documentOf, type Solution } from '../solutions/solution.js';
import { SolutionsRepository } from '../solutions/solutions.repository.js';
import { CollectionsRepository } from '../sources/collections.repository.js';
import { type Corpus, LAB_SHELF, type Scope } from './corpus.js';
import type { Document } from './document.js';
import { readInstallation } from './installation.js';
import { type KeptCorpus, openKeptCorpus } from './kept-corpus.js';
import { NewRows } from './new-rows.js';
import { ProjectShelves } from './project-shelves.js';
import { Shelves } from './shelves.js';

/** What somebody may ask. */
export interface Readable {
  readonly corpus: Corpus;
  readonly scope: Scope;
}

/** With what an earlier process kept of it. */
interface Opened {
  readonly kept: KeptCorpus;
  readonly shelves: Shelves;
  readonly projects: ProjectShelves;
  /** Documents of the lab's that nobody has brought yet since the start. */
  readonly unseen: Set<string>;
}

@Injectable()
export class Library implements OnModuleDestroy {
  #opened: Promise<Opened> | undefined;
  readonly #newSolutions: NewRows<Solution>;
  readonly #newCards: NewRows<NumberedCard>;

  constructor(
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'installRoot'> & Partial<Pick<LabConfig, 'home'>>,
    @Inject(SolutionsRepository) solutions: SolutionsRepository,
    @Inject(DatasetCardsRepository) cards: DatasetCardsRepository,
    @Inject(CollectionsRepository)
    private readonly collections: Pick<CollectionsRepository, 'readable' | 'states' | 'texts' | 'present'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {
    this.#newSolutions = new NewRows(async (after) => {
      const { solutions: rows, more } = await solutions.newerThan(after);
      return { rows, more };
    });
    this.#newCards = new NewRows(async (after) => {
      const { cards: rows, more } = await cards.newerThan(after);
      return { rows, more };
    });
  }

  async onModuleDestroy(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.kept.close();
  }

  /**
   * The corpus with every solution and card that was stored before this call. Calls may overlap: each reads for itself, because
   * one that joined an earlier read could miss what was logged since that began; what two of them read is added once.
   */
  async upToDate(): Promise<Corpus> {
    const { kept } = await this.#current();
    return kept.corpus;
  }

  /** What the caller may read, and nothing else: with every document of it that was stored before this call. */
  async readBy({ walletId }: Pick<Principal, 'walletId'>): Promise<Readable> {
    const { kept, shelves } = await this.#current();
    return { corpus: kept.corpus, scope: { shelves: [LAB_SHELF, ...(await shelves.readBy(walletId))] } };
  }

  /** The texts of a project, which its owner has just read, on the shelf of its id. */
  async withProject(projectId: string, documents: readonly Document[]): Promise<void> {
    const { projects } = await this.#current();
    await projects.bring(projectId, documents);
  }

  /** Takes away what this process no longer needs, and keeps the rest for the next one. */
  async tidy(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    if (opened === undefined) return;
    opened.projects.tidy();
    await opened.shelves.tidy();
    await opened.kept.settle();
  }

  async #current(): Promise<Opened> {
    const opened = await this.#withInstalled();
    const { kept, unseen } = opened;
    const put = (document: Document): void => {
      unseen.delete(document.file);
      kept.corpus.put(document);
    };
    await this.#newSolutions.take((solution) => put(documentOf(solution)));
    await this.#newCards.take((card) => {
      const document = cardDocument(card);
      if (card.withdrawn) kept.corpus.remove(document.file);
      else put(document);
    });
    // By now all that there is was brought.
    for (const file of unseen) kept.corpus.remove(file);
    unseen.clear();
    return opened;
  }

  /** Once for all who ask. What could not be read is tried again by the next question. */
  #withInstalled(): Promise<Opened> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #open(): Promise<Opened> {
    const kept = await openKeptCorpus(this.config.home, this.log);
    const { corpus } = kept;
    try {
      const shelves = new Shelves(kept, this.collections);
      await shelves.takeOver(corpus.shelves().filter((shelf) => shelf !== LAB_SHELF));
      const unseen = new Set(corpus.documents().map(({ file }) => file));
      await this.#readInstalled(corpus, unseen);
      return { kept, shelves, projects: new ProjectShelves(corpus), unseen };
    } catch (error) {
      await kept.close();
      throw error;
    }
  }

  async #readInstalled(corpus: Corpus, unseen: Set<string>): Promise<void> {
    const { documents, skipped } = await readInstallation(this.config.installRoot);
    for (const document of documents) {
      unseen.delete(document.file);
      corpus.put(document);
      await othersTurn();
    }
    for (const reason of skipped) this.log.warn({ reason }, 'a document is not in the knowledge base');
    this.log.info({ documents: corpus.size() }, 'the installed documents are read');
  }
}
