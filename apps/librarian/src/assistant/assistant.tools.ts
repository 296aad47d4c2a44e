// The Librarian's tools for answers of a model: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, librarianParts } from '@labmesh/contracts';
import { Conversing } from './conversing.js';

export const assistantTools = handlersOf(
  [Conversing],
  (conversing): Handlers<typeof librarianParts.assistant> => ({
    converse: (input, call) => conversing.converse(input, call),
    stop_answer: (input, call) => conversing.stop(input, call),
  }),
);
