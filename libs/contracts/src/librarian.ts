// The Librarian: answers with citations from the lab's documents, and the live list of agents.
import { z } from 'zod';
import { librarianAgents } from './librarian-agents.js';
import { assistantTools, modelTools } from './librarian-assistant.js';
import { conversationTools } from './librarian-conversations.js';
import { encoderTools } from './librarian-encoders.js';
import { errorTools } from './librarian-errors.js';
import { knowledgeTools } from './librarian-knowledge.js';
import { solutionEvents, solutionTools } from './librarian-solutions.js';
import { sourceTools } from './librarian-sources.js';
import { summaryTools } from './librarian-summaries.js';
import { definePrompt } from './prompt.js';
import { defineResource } from './resource.js';
import { defineAgent } from './tool.js';

/** Its tools by concept, as its handlers are. */
export const librarianParts = {
  knowledge: knowledgeTools,
  solutions: solutionTools,
  errors: errorTools,
  sources: sourceTools,
  agents: librarianAgents.tools,
  summaries: summaryTools,
  conversations: conversationTools,
  models: modelTools,
  assistant: assistantTools,
  encoders: encoderTools,
} as const;

export const librarian = defineAgent({
  name: librarianAgents.name,
  title: 'The Librarian',
  description: 'Knowledge of the lab and the live list of its agents.',
  keepsFiles: true,
  hears: { curator: ['data_routed', 'dataset_withdrawn'], mechanic: ['job_ended'], mesh: ['errors_logged'] },
  /** A project is summarized, and asked, from the texts that the Architect reads for its owner, a job’s error from what the Mechanic reads for its. */
  needs: {
    curator: ['settle_delivery'],
    architect: ['find_project', 'read_project_texts'],
    mechanic: ['get_job', 'stream_logs'],
    sentinel: ['seal_secret', 'open_secret'],
  },
  events: solutionEvents,
  tools: {
    ...librarianParts.knowledge,
    ...librarianParts.solutions,
    ...librarianParts.errors,
    ...librarianParts.sources,
    ...librarianParts.agents,
    ...librarianParts.summaries,
    ...librarianParts.conversations,
    ...librarianParts.models,
    ...librarianParts.assistant,
    ...librarianParts.encoders,
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
