// The Architect's prompts: words only, about tools and vials that exist.
import { architect, asUser, expandUri, type PromptHandlers, toolOf } from '@labmesh/contracts';
import type { Shelf } from './templates/shelf.js';

const list = toolOf(architect, 'list_available_templates');
const readme = toolOf(architect, 'get_template_readme');
const make = toolOf(architect, 'instantiate_template');

export const architectPrompts = (shelf: Shelf): PromptHandlers<typeof architect.prompts> => ({
  choose_template: ({ goal }) =>
    asUser(`Find the template of the lab that suits this goal:

${goal}

1. Call ${list}. Compare summary and audience of each with the goal.
2. Read the best one or two with ${readme} before you recommend: the summary alone does not tell what the work needs.
3. Recommend one, with what in it fits and what does not. Say so plainly if none fits.
4. Check that you can see every tool that the template names; name those that my role does not have.`),
  start_from_template: {
    get: async ({ name }) => {
      const { title } = await shelf.readme(name);
      return asUser(
        `Work through the template "${name}" (${title}) with me.

1. Read it whole with ${readme}, name "${name}".
2. Tell me in a few lines what we will have at the end and which tools it uses. Ask me for a name and for the inputs that the template wants, then make the project with ${make}: first with dryRun, to show me the files.
3. Go step by step. Before each step that changes something, say what will change and wait for my yes.
4. When an answer differs from what the template says, show me the difference before you go on.
5. At the end, list what was made: ids, files, and what is left to do.`,
        { uri: expandUri(architect.resources.readme.uri, { name }), name, mimeType: 'text/markdown' },
      );
    },
    complete: () => shelf.names(),
  },
});
