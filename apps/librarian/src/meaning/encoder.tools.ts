// The Librarian's tools for search models: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, librarianParts } from '@labmesh/contracts';
import { SearchModels } from './search-models.js';

export const encoderTools = handlersOf(
  [SearchModels],
  (models): Handlers<typeof librarianParts.encoders> => ({
    add_encoder: (input, call) => models.add(input, call),
    list_encoders: () => models.list(),
    use_encoder: (input) => models.use(input),
    remove_encoder: (input) => models.remove(input),
  }),
);
