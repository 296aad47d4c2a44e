// The Architect's tools for projects: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { architectParts, Handlers } from '@labmesh/contracts';
import { ProjectMaking } from './project-making.js';
import { ProjectTexts } from './project-texts.js';
import { ProjectUpdates } from './project-updates.js';
import { Projects } from './projects.js';

export const projectTools = handlersOf(
  [ProjectMaking, Projects, ProjectUpdates, ProjectTexts],
  (making, projects, updates, texts): Handlers<typeof architectParts.projects> => ({
    instantiate_template: (input, call) => making.instantiate(input, call),
    list_projects: (input, call) => projects.list(input, call),
    get_project: (input, call) => projects.show(input.projectId, call),
    check_updates: (input, call) => updates.check(input, call),
    update_project: (input, call) => updates.update(input, call),
    delete_project: (input, call) => projects.delete(input.projectId, call),
    find_project: ({ projectId }, call) => projects.find(projectId, call),
    read_project_texts: (input, call) => texts.read(input, call),
    read_project_secrets: (input, call) => projects.secrets(input.projectId, call),
  }),
);
