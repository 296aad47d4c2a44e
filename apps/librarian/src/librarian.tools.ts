// The Librarian's contract, tool by tool, to its domain. No rule lives here.
import type { Handlers, librarian } from '@labmesh/contracts';
import type { Knowledge } from './answers/knowledge.js';
import type { Manifest } from './manifest/manifest.js';
import type { Logbook } from './solutions/logbook.js';

export const librarianTools = (
  knowledge: Knowledge,
  logbook: Logbook,
  manifest: Manifest,
): Handlers<typeof librarian.tools> => ({
  query_knowledge_base: (input) => knowledge.answer(input),
  get_document: (input) => knowledge.document(input.file),
  log_new_solution: (input, call) => logbook.log(input, call.principal),
  get_agent_manifest: () => manifest.read(),
});
