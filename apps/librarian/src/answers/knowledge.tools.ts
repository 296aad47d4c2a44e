// The Librarian's tools for questions: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, librarianParts } from '@labmesh/contracts';
import { Knowledge } from './knowledge.js';

export const knowledgeTools = handlersOf(
  [Knowledge],
  (knowledge): Handlers<typeof librarianParts.knowledge> => ({
    query_knowledge_base: (input, call) => knowledge.answer(input, call),
    get_document: ({ file }, call) => knowledge.document(file, call),
  }),
);
