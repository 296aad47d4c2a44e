// The Librarian's resources: contract to domain, nothing else.
import { pageByName } from '@labmesh/agent';
import { AGENTS, type librarian, type ResourceHandlers } from '@labmesh/contracts';
import type { Knowledge } from './answers/knowledge.js';
import type { Manifest } from './manifest/manifest.js';

export const librarianResources = (
  knowledge: Knowledge,
  manifest: Manifest,
): ResourceHandlers<typeof librarian.resources> => ({
  document: {
    read: async ({ file }, call) => {
      const { text, kind } = await knowledge.linked(file, call);
      return { mimeType: kind === undefined || kind === 'markdown' ? 'text/markdown' : 'text/plain', text };
    },
    list: async (page, { principal }) =>
      pageByName(
        (await knowledge.documents(principal)).map((document) => ({
          params: { file: document.file },
          name: document.file,
          title: document.title,
          description: `Version ${document.version} in ${document.collection}`,
          size: document.bytes,
        })),
        page,
      ),
    complete: async (_argument, _value, { principal }) =>
      (await knowledge.documents(principal)).map(({ file }) => file),
  },
  agent: {
    read: async ({ name }) => ({
      mimeType: 'application/json',
      text: JSON.stringify(await manifest.describe(name), null, 2),
    }),
    list: (page) =>
      pageByName(
        AGENTS.map(({ name, title, description }) => ({ params: { name }, name, title, description })),
        page,
      ),
    complete: () => AGENTS.map(({ name }) => name),
  },
});
