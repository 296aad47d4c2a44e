// The Architect's resources: contract to domain, nothing else.
import { pageByName } from '@labmesh/agent';
import type { architect, ResourceHandlers } from '@labmesh/contracts';
import type { Shelf } from './templates/shelf.js';

export const architectResources = (shelf: Shelf): ResourceHandlers<typeof architect.resources> => ({
  readme: {
    read: async ({ name }) => ({ mimeType: 'text/markdown', text: (await shelf.readme(name)).markdown }),
    list: async (page) =>
      pageByName(
        (await shelf.list()).map(({ name, title, summary }) => ({
          params: { name },
          name,
          title,
          description: summary,
        })),
        page,
      ),
    complete: () => shelf.names(),
  },
});
