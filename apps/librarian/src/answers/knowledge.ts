// What callers may ask the knowledge base: an answer with citations, or a whole document. Each looks at the newest
// solutions first. A document's name is looked up in memory: it is never used as a path.
import {
  AppError,
  type Call,
  type librarian,
  type Principal,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CodeAnswers } from '../code/code-answers.js';
import { CODE, CodeShelf } from '../code/code-shelf.js';
import type { Corpus, Scope } from '../corpus/corpus.js';
import type { Document } from '../corpus/document.js';
import { titleOf } from '../corpus/headings.js';
import { Library } from '../corpus/library.js';
import type { HeldDocument } from '../corpus/stored-document.js';
import { Meanings } from '../meaning/meaning.js';
import { projectOf } from '../projects/project-documents.js';
import { ProjectKnowledge } from '../projects/project-knowledge.js';
import { type Asked, answerFrom } from './answering.js';
import { narrowed } from './asked-part.js';
import { type Answer, fileOfLink, UNTRUSTED } from './place.js';
import { Spelling } from './spelling/spelling.js';

type Tools = typeof librarian.tools;

/** Whoever asked for the code, and is answered without it, is told so. */
const withoutCode = (answer: Answer): Answer => ({
  ...answer,
  answer: `${answer.answer}\n\nLabMesh’s own code is still being read, and was not asked: ask again in some seconds.`,
  unread: [CODE],
});

@Injectable()
export class Knowledge {
  constructor(
    @Inject(Library) private readonly library: Pick<Library, 'readBy'>,
    @Inject(Meanings) private readonly meanings: Pick<Meanings, 'of'>,
    @Inject(ProjectKnowledge) private readonly projects: Pick<ProjectKnowledge, 'asked' | 'texts'>,
    @Inject(CodeAnswers) private readonly code: Pick<CodeAnswers, 'turnOf' | 'answer'>,
    @Inject(CodeShelf) private readonly sources: Pick<CodeShelf, 'document'>,
    @Inject(Spelling) private readonly spelling: Pick<Spelling, 'read'>,
  ) {}

  /** @throws AppError invalid_input, not_found for a part of the knowledge base that there is not, or a project that is not the caller's */
  async answer({ project, ...input }: ToolInput<Tools['query_knowledge_base']>, call: Call): Promise<Answer> {
    const { corpus, scope } =
      project === undefined ? await this.library.readBy(call.principal) : await this.projects.asked(project, call);
    const part = narrowed(corpus, scope, input);
    const turn = project === undefined ? this.code.turnOf(input, corpus, part) : 'never';
    const first = turn === 'last' ? undefined : await this.code.answer(turn, input, call);
    if (first !== undefined && first !== 'unread') return first;
    const answer = await this.#answer(input, corpus, part);
    const last = turn === 'last' && !answer.answered ? await this.code.answer(turn, input, call) : first;
    return last === 'unread' ? withoutCode(answer) : (last ?? answer);
  }

  async #answer(input: Asked, corpus: Corpus, part: Scope): Promise<Answer> {
    const question = await this.spelling.read(input.question, (terms) => corpus.counts(terms, part));
    const asked = { ...input, question };
    const answer = answerFrom(corpus, asked, part, await this.meanings.of(asked, corpus, part));
    return question === input.question ? answer : { ...answer, readAs: question };
  }

  /** Every document, in no order that means anything. */
  async documents(principal: Principal): Promise<HeldDocument[]> {
    const { corpus, scope } = await this.library.readBy(principal);
    return corpus.documents(scope);
  }

  /** @throws AppError not_found */
  async document(file: string, call: Call): Promise<ToolOutput<Tools['get_document']>> {
    const { text, version, collection, collectionName = collection, ...document } = await this.#find(file, call);
    return {
      file: document.file,
      title: titleOf({ ...document, text }),
      collection,
      collectionName,
      version,
      text,
      untrusted: UNTRUSTED,
    };
  }

  /** By the address that a citation links to, whose fragment names a span. @throws AppError not_found */
  async linked(file: string, call: Call): Promise<Document> {
    return this.#find(file, call, fileOfLink(file));
  }

  async #find(file: string, call: Call, bare = file): Promise<Document> {
    const project = projectOf(bare);
    const { corpus, scope } =
      project === undefined ? await this.library.readBy(call.principal) : await this.projects.texts(project, call);
    const document =
      corpus.document(file, scope) ?? corpus.document(bare, scope) ?? (await this.sources.document(bare));
    if (document !== undefined) return document;
    throw new AppError(
      'not_found',
      `Cannot read "${file}": the knowledge base has no document of this name. Take the file of a citation that librarian_query_knowledge_base gives.`,
    );
  }
}
