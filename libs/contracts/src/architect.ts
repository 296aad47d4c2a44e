// The Architect: project templates ("vials").
import { z } from 'zod';
import { definePrompt } from './prompt.js';
import { defineResource } from './resource.js';
import { defineAgent, defineTool } from './tool.js';

const TemplateName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,40}$/, 'a template’s name is lower-case, such as data-scientist');

export const architect = defineAgent({
  name: 'architect',
  title: 'The Architect',
  description: 'Project templates, called vials.',
  tools: {
    list_available_templates: defineTool({
      title: 'List project templates',
      description: 'The vials: what each is for and whom it suits.',
      keywords: ['start a new project', 'examples to begin with', 'starter kits'],
      effect: 'read',
      everyday: true,
      permission: 'template:read',
      input: z.object({}),
      output: z.object({
        templates: z.array(
          z.object({
            name: TemplateName,
            title: z.string(),
            summary: z.string(),
            audience: z.string(),
            tools: z.array(z.string()).describe('Gateway names of the tools it builds on'),
          }),
        ),
      }),
      errors: [],
      timeoutMs: 5_000,
    }),
    get_template_readme: defineTool({
      title: 'Read a template’s README',
      description: 'The whole README of a vial, as Markdown.',
      keywords: ['instructions of a starter kit', 'how to use a vial', 'project guide'],
      effect: 'read',
      everyday: true,
      permission: 'template:read',
      input: z.object({ name: TemplateName }),
      output: z.object({ name: TemplateName, title: z.string(), markdown: z.string() }),
      errors: ['not_found'],
      timeoutMs: 5_000,
    }),
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
      description: 'Works through a vial, step by step, with the tools it names.',
      arguments: z.object({ name: TemplateName.describe('The vial') }),
      permission: 'template:read',
    }),
  },
});
