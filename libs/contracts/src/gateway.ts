// The gateway's own tools: they find the others. Every caller has them; what they tell is what that caller may use.
import { z } from 'zod';
import { holds } from './text-fields.js';
import { defineAgent, defineTool } from './tool.js';
import { words } from './values.js';

const JsonSchema = z.record(z.string(), z.unknown());

export const gateway = defineAgent({
  name: 'gateway',
  title: 'The gateway',
  description: 'Finds tools by what they are for.',
  tools: {
    search_tools: defineTool({
      title: 'Find tools',
      description:
        'Finds the tools that fit an intent, best first, among all that you may use, listed or not. Say in a few words what you want to do; then describe_tool gives a tool’s full schema, and you call it by its name.',
      effect: 'read',
      everyday: true,
      permission: null,
      input: z.object({
        query: words(400).describe('What you want to do, such as "move money to another wallet"'),
        limit: z.number().int().min(1).max(50).default(5),
      }),
      output: z.object({
        tools: z.array(
          z.object({
            name: z.string().describe('Call it by this name'),
            title: z.string(),
            description: z.string().describe('Its first sentence'),
            score: z.number().describe('BM25 score; higher fits better'),
            unavailable: z.boolean().describe('Its agent does not answer right now'),
          }),
        ),
      }),
      errors: [],
      timeoutMs: 1_000,
    }),
    describe_tool: defineTool({
      title: 'Describe a tool',
      description:
        'Everything about one tool that you may use: what it does, and the JSON Schemas of its input and output.',
      effect: 'read',
      everyday: true,
      permission: null,
      input: z.object({ name: holds('identifier', z.string().min(1).max(128)) }),
      output: z.object({
        name: z.string(),
        title: z.string(),
        description: z.string(),
        inputSchema: JsonSchema,
        outputSchema: JsonSchema.optional().describe('Left out by a tool that answers content to look at'),
        annotations: JsonSchema,
        unavailable: z.boolean().describe('Its agent does not answer right now'),
      }),
      errors: ['not_found'],
      timeoutMs: 1_000,
    }),
  },
});
