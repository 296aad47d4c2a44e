// The Architect's tools for templates: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { architectParts, Handlers } from '@labmesh/contracts';
import { Publishing } from './publishing.js';
import { Shelf } from './shelf.js';

export const templateTools = handlersOf(
  [Shelf, Publishing],
  (shelf, publishing): Handlers<typeof architectParts.templates> => ({
    list_available_templates: async (input) => ({ templates: await shelf.list(input) }),
    get_template_readme: (input) => shelf.readme(input.name),
    publish_template: (input, call) => publishing.publish(input, call),
  }),
);
