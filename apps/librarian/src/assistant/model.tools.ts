// The Librarian's tools for language models: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, librarianParts } from '@labmesh/contracts';
import { ModelTest } from './model-test.js';
import { Models } from './models.js';

export const modelTools = handlersOf(
  [Models, ModelTest],
  (models, test): Handlers<typeof librarianParts.models> => ({
    set_model: (input, { principal }) => models.set(input, principal),
    list_models: (_input, { principal }) => models.list(principal),
    remove_model: ({ name }) => models.remove(name),
    test_model: ({ name }, { signal }) => test.run(name, signal),
  }),
);
