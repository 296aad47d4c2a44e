// The Librarian's tools for collections: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, librarianParts } from '@labmesh/contracts';
import { Ingestion } from './ingestion.js';

export const sourceTools = handlersOf(
  [Ingestion],
  (ingestion): Handlers<typeof librarianParts.sources> => ({
    ingest_source: (input, call) => ingestion.ingest(input, call),
    list_collections: (input, call) => ingestion.list(input, call),
    remove_source: (input, call) => ingestion.remove(input, call),
  }),
);
