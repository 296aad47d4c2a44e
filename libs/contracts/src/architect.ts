// The Architect: templates ("vials"), and the projects that are made of them.
import { z } from 'zod';
import { checkTools } from './architect-checks.js';
import { projectTools } from './architect-projects.js';
import { TemplateName, templateTools } from './architect-templates.js';
import { definePrompt } from './prompt.js';
import { defineResource } from './resource.js';
import { defineAgent } from './tool.js';

/** Its tools by concept, as its handlers are. */
export const architectParts = { templates: templateTools, projects: projectTools, checks: checkTools } as const;

export const architect = defineAgent({
  name: 'architect',
  title: 'The Architect',
  description: 'Project templates, called vials, and the projects that are made of them.',
  keepsFiles: true,
  /** Secrets of projects are kept sealed; a project on the lab’s disk gets a key of its owner’s; a check asks whose a wallet is. */
  needs: {
    sentinel: ['seal_secret', 'open_secret', 'generate_wallet_token', 'revoke_token'],
    chancellor: ['get_wallet'],
  },
  tools: { ...architectParts.templates, ...architectParts.projects, ...architectParts.checks },
  blobs: {
    description: 'Archives of projects (.tar.gz): their owner may read them.',
    permission: 'project:read',
    through: [
      'architect_instantiate_template',
      'architect_get_project',
      'architect_list_projects',
      'architect_update_project',
      'architect_validate_project_config',
    ],
  },
  resources: {
    readme: defineResource({
      uri: 'template://{name}/readme',
      title: 'README of a template',
      description: 'How to work with a vial, as Markdown.',
      mimeType: 'text/markdown',
      permission: 'template:read',
      listed: true,
    }),
    projects: defineResource({
      uri: 'projects://{id}',
      title: 'Projects of a wallet',
      description:
        'Your newest projects, as list_projects answers them. Who follows it hears when one is started, updated or deleted.',
      mimeType: 'application/json',
      permission: 'project:read',
      listed: false,
    }),
  },
  prompts: {
    choose_template: definePrompt({
      title: 'Choose a template',
      description: 'Finds the vial that suits what you want to do.',
      arguments: z.object({ goal: z.string().min(1).max(1_000).describe('What you want to do') }),
      permission: 'template:read',
    }),
    start_from_template: definePrompt({
      title: 'Start from a template',
      description: 'Makes a project of a vial and works through it, step by step, with the tools it names.',
      arguments: z.object({ name: TemplateName.describe('The vial') }),
      permission: 'template:read',
    }),
  },
});
