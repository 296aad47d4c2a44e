// The Architect's contract, tool by tool, to its domain. No rule lives here.
import type { architect, Handlers } from '@labmesh/contracts';
import type { Shelf } from './templates/shelf.js';

export const architectTools = (shelf: Shelf): Handlers<typeof architect.tools> => ({
  list_available_templates: () => ({ templates: shelf.list() }),
  get_template_readme: (input) => shelf.readme(input.name),
});
