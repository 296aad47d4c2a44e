// The Architect's resources: contract to domain, nothing else.
import { pageByName } from '@labmesh/agent';
import { AppError, architect, expandUri, type ResourceHandlers } from '@labmesh/contracts';
import type { Projects } from './projects/projects.js';
import type { Shelf } from './templates/shelf.js';

const NEWEST = 20;

/** What has changed when a project of this wallet is another one, came or went. */
export const projectsOf = (walletId: string) => ({
  uris: [expandUri(architect.resources.projects.uri, { id: walletId })],
});

export const architectResources = (shelf: Shelf, projects: Projects): ResourceHandlers<typeof architect.resources> => ({
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
  projects: {
    read: async ({ id }, call) => {
      if (id !== call.principal.walletId)
        throw new AppError('not_found', `Cannot read the projects of ${id}: they are not yours.`);
      return { mimeType: 'application/json', text: JSON.stringify(await projects.list({ limit: NEWEST }, call)) };
    },
  },
});
