// The Librarian's tools about agents: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, librarianParts } from '@labmesh/contracts';
import { FoundTools } from './found-tools.js';
import { Manifest } from './manifest.js';

export const manifestTools = handlersOf(
  [Manifest, FoundTools],
  (manifest, found): Handlers<typeof librarianParts.agents> => ({
    get_agent_manifest: () => manifest.read(),
    find_tool: (input, { principal }) => found.find(input, principal),
  }),
);
