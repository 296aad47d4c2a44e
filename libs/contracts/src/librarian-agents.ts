// Who is there to help: the live list of agents, and which of their tools fits a need.
import { z } from 'zod';
import { defineTool } from './tool.js';
import { PermissionName, RoleName, Timestamp, words } from './values.js';

const Effect = z.enum(['read', 'write', 'destroy']);
const Status = z.enum(['up', 'down']);

const FoundTool = z.object({
  name: z.string().describe('Call it by this name at the gateway'),
  title: z.string(),
  description: z.string(),
  agent: z.string(),
  status: Status.describe('Whether its agent answers now'),
  effect: Effect,
  toolsets: z.array(z.string()).describe('Connect with one of them, as /mcp?toolsets=jobs, to have it listed'),
  mayCall: z.boolean(),
  missing: PermissionName.nullable().describe('The permission that you lack for it'),
  heldBy: z.array(RoleName).describe('Roles that have the missing permission'),
  reason: z.string().describe('Why you may or may not call it'),
  score: z.number().describe('BM25 score; higher fits better'),
});

export const agentTools = {
  get_agent_manifest: defineTool({
    title: 'The lab’s agents, live',
    description:
      'Every agent, asked now: whether it answers, how many replicas, since when, its version, tools, resources and prompts. One that does not answer is shown as down.',
    keywords: [
      'which services are online',
      'status of agents',
      'is an agent running',
      'is the curator, sentinel, chancellor, architect, mechanic, librarian up',
      'who does what around here',
      'are all services up',
      'which agents are there',
      'what can this lab do',
      'which services are running',
      'which agents are working',
      'is an agent there',
      'list the agents',
    ],
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
          status: Status,
          instances: z.number().int(),
          version: z.string().nullable(),
          startedAt: Timestamp.nullable(),
          latencyMs: z.number().nullable(),
          endpoint: z.string().describe('Path of its own MCP endpoint at the gateway'),
          tools: z.array(z.object({ name: z.string(), title: z.string(), effect: Effect })),
          resources: z.array(
            z.object({ name: z.string(), uri: z.string().describe('A template, or one address'), title: z.string() }),
          ),
          prompts: z.array(z.object({ name: z.string(), title: z.string() })),
        }),
      ),
    }),
    errors: [],
    timeoutMs: 5_000,
  }),
  find_tool: defineTool({
    title: 'Find who can help with what',
    description:
      'Finds the agents and tools that fit a need, best first, among all of the lab, those that you may not use too: whether the agent is up, whether you may call it, and which permission you lack. search_tools at the gateway finds only what you may use.',
    keywords: [
      'who can help me',
      'which tool or agent do I need',
      'who is responsible for something',
      'is there a tool for it',
      'what permission do I need for a tool',
      'where do I ask',
      'whom do I ask',
      'which agent is it',
    ],
    effect: 'read',
    permission: 'agent:read',
    input: z.object({
      query: words(400).describe('What you want to do, such as "upload a csv file"'),
      limit: z.number().int().min(1).max(50).default(5),
    }),
    output: z.object({
      tools: z.array(FoundTool),
      agents: z
        .array(z.object({ name: z.string(), title: z.string(), description: z.string(), status: Status }))
        .describe('Those of the tools, best first'),
    }),
    errors: [],
    timeoutMs: 5_000,
  }),
};

/** What calls these tools alone need not make the schemas of all others. */
export const librarianAgents = { name: 'librarian', tools: agentTools } as const;
