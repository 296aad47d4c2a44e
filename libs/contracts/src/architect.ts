// The Architect: project templates ("vials").
import { z } from 'zod';
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
      effect: 'read',
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
      effect: 'read',
      permission: 'template:read',
      input: z.object({ name: TemplateName }),
      output: z.object({ name: TemplateName, title: z.string(), markdown: z.string() }),
      errors: ['not_found'],
      timeoutMs: 5_000,
    }),
  },
});
