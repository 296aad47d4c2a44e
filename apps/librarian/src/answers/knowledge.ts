// What callers may ask the knowledge base: an answer with citations, or a whole document. Each looks at the newest
// solutions first. A document's name is looked up in memory: it is never used as a path.
import { AppError, type librarian, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Document } from '../corpus/document.js';
import { titleOf } from '../corpus/headings.js';
import { Library } from '../corpus/library.js';
import { type Answer, answerFrom } from './answering.js';

type Tools = typeof librarian.tools;

@Injectable()
export class Knowledge {
  constructor(@Inject(Library) private readonly library: Pick<Library, 'upToDate'>) {}

  async answer({ question, limit }: ToolInput<Tools['query_knowledge_base']>): Promise<Answer> {
    return answerFrom(await this.library.upToDate(), question, limit);
  }

  /** Every document, in no order that means anything. */
  async documents(): Promise<Document[]> {
    return (await this.library.upToDate()).documents();
  }

  /** @throws AppError not_found */
  async document(file: string): Promise<ToolOutput<Tools['get_document']>> {
    const document = (await this.library.upToDate()).document(file);
    if (document === undefined) {
      throw new AppError(
        'not_found',
        `Cannot read "${file}": the knowledge base has no document of this name. Take the file of a citation that librarian_query_knowledge_base gives.`,
      );
    }
    return { file, title: titleOf(document), text: document.text };
  }
}
