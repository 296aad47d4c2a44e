// The Librarian: answers with citations from the lab's documents, and the live list of agents.
import { z } from 'zod';
import { definePrompt } from './prompt.js';
import { defineResource } from './resource.js';
import { holds } from './text-fields.js';
import { defineAgent, defineTool } from './tool.js';
import { Timestamp } from './values.js';

const Citation = z.object({
  number: z.number().int().describe('As [1] in the answer'),
  file: z.string().describe('Give it to get_document to read the whole'),
  heading: z.string(),
  start: z.number().int().describe('First character of the span in the file, counted from 0'),
  end: z.number().int().describe('One past the last character'),
  text: z.string().describe('The span itself'),
  score: z.number().describe('BM25 score; higher fits better'),
});

export const librarian = defineAgent({
  name: 'librarian',
  title: 'The Librarian',
  description: 'Knowledge of the lab and the live list of its agents.',
  hears: { curator: ['data_routed', 'dataset_withdrawn'] },
  needs: { curator: ['settle_delivery'] },
  tools: {
    query_knowledge_base: defineTool({
      title: 'Ask the knowledge base',
      description:
        'Finds the passages of the lab’s documents, templates and logged solutions that answer a question, best first. Every sentence of the answer is quoted from a cited span.',
      keywords: ['how to fix, repair or do something', 'look up in the manual', 'search documents', 'help'],
      effect: 'read',
      everyday: true,
      permission: 'knowledge:read',
      input: z.object({ question: z.string().min(1).max(1_000), limit: z.number().int().min(1).max(20).default(5) }),
      output: z.object({ answer: z.string(), citations: z.array(Citation) }),
      errors: [],
      timeoutMs: 5_000,
    }),
    get_document: defineTool({
      title: 'Read a document of the knowledge base',
      description: 'The whole text of a document that a citation names.',
      keywords: ['whole page or article'],
      effect: 'read',
      everyday: true,
      permission: 'knowledge:read',
      input: z.object({ file: holds('path', z.string().min(1).max(200)) }),
      output: z.object({ file: z.string(), title: z.string(), text: z.string() }),
      errors: ['not_found'],
      timeoutMs: 5_000,
    }),
    log_new_solution: defineTool({
      title: 'Log a solution',
      description:
        'Adds a problem and its solution to the knowledge base, for everyone in the lab, searchable at once.',
      keywords: ['write down, save or remember a lesson learned', 'how a problem was solved', 'note'],
      effect: 'write',
      everyday: true,
      permission: 'knowledge:write',
      input: z.object({
        title: z.string().min(3).max(140),
        problem: z.string().min(3).max(8_000),
        solution: z.string().min(3).max(16_000),
        tags: z.array(z.string().min(1).max(40)).max(12).default([]),
      }),
      output: z.object({ file: z.string(), title: z.string(), loggedAt: Timestamp }),
      errors: [],
      timeoutMs: 5_000,
    }),
    get_agent_manifest: defineTool({
      title: 'The lab’s agents, live',
      description:
        'Every agent, asked now: whether it answers, how many replicas, since when, its version and its tools. One that does not answer is shown as down.',
      keywords: ['which services are online', 'status of agents'],
      effect: 'read',
      everyday: true,
      permission: 'agent:read',
      input: z.object({}),
      output: z.object({
        agents: z.array(
          z.object({
            name: z.string(),
            title: z.string(),
            description: z.string(),
            status: z.enum(['up', 'down']),
            instances: z.number().int(),
            version: z.string().nullable(),
            startedAt: Timestamp.nullable(),
            latencyMs: z.number().nullable(),
            endpoint: z.string().describe('Path of its own MCP endpoint at the gateway'),
            tools: z.array(
              z.object({ name: z.string(), title: z.string(), effect: z.enum(['read', 'write', 'destroy']) }),
            ),
          }),
        ),
      }),
      errors: [],
      timeoutMs: 5_000,
    }),
  },
  resources: {
    document: defineResource({
      uri: 'kb://{+file}',
      title: 'Document of the knowledge base',
      description: 'A document of the lab or a logged solution, as Markdown.',
      mimeType: 'text/markdown',
      permission: 'knowledge:read',
      listed: true,
    }),
    agent: defineResource({
      uri: 'agent://{name}',
      title: 'Agent',
      description: 'What an agent is, whether it answers now, and its tools.',
      mimeType: 'application/json',
      permission: 'agent:read',
      listed: true,
    }),
  },
  prompts: {
    answer_with_sources: definePrompt({
      title: 'Answer with sources',
      description: 'Answers a question from the lab’s documents, with a citation for each claim.',
      arguments: z.object({ question: z.string().min(1).max(1_000) }),
      permission: 'knowledge:read',
    }),
    log_what_we_learned: definePrompt({
      title: 'Log what we learned',
      description: 'Turns what was solved in this conversation into a solution that everyone in the lab finds.',
      arguments: z.object({ topic: z.string().min(1).max(200).describe('What it is about') }),
      permission: 'knowledge:write',
    }),
  },
});
