// The tool that summarizes a project: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, librarianParts } from '@labmesh/contracts';
import { Summaries } from './summaries.js';

export const summaryTools = handlersOf(
  [Summaries],
  (summaries): Handlers<typeof librarianParts.summaries> => ({
    generate_documentation_summary: (input, call) => summaries.of(input, call),
  }),
);
