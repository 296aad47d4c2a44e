// The live list of the lab's agents: every replica is asked now, and only what answers counts as up.

import type { Bus, Responder } from '@labmesh/bus';
import {
  AGENTS,
  type AgentContract,
  AppError,
  describeSubject,
  gatewayName,
  type librarian,
  publicTools,
  type ToolOutput,
} from '@labmesh/contracts';
import { BUS } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';

/** How long replicas have to answer. In process the bus stops earlier, when all have. */
const WINDOW_MS = 300;

/** What a replica tells of itself. */
const Description = z.object({
  name: z.string(),
  instance: z.string(),
  version: z.string(),
  startedAt: z.iso.datetime(),
  tools: z.array(z.string()),
  // A replica of an older version does not name them.
  resources: z.array(z.string()).default([]),
  prompts: z.array(z.string()).default([]),
});

type Answer = ToolOutput<(typeof librarian.tools)['get_agent_manifest']>;
type Entry = Answer['agents'][number];
type Replica = z.infer<typeof Description> & { readonly latencyMs: number };

@Injectable()
export class Manifest {
  constructor(@Inject(BUS) private readonly bus: Pick<Bus, 'scatter'>) {}

  /** All agents in their usual order, each asked at the same moment. */
  async read(): Promise<Answer> {
    return { agents: await Promise.all(AGENTS.map((agent) => this.#entry(agent))) };
  }

  /** One agent, asked now. @throws AppError not_found */
  async describe(name: string): Promise<Entry> {
    const agent = AGENTS.find((candidate) => candidate.name === name);
    if (agent !== undefined) return this.#entry(agent);
    throw new AppError(
      'not_found',
      `Cannot describe "${name}": there is no such agent. There are: ${AGENTS.map((known) => known.name).join(', ')}.`,
    );
  }

  /** Which of these agents answer now. */
  async up(names: readonly string[]): Promise<ReadonlySet<string>> {
    const asked = AGENTS.filter(({ name }) => names.includes(name));
    const entries = await Promise.all(asked.map((agent) => this.#entry(agent)));
    return new Set(entries.filter(({ status }) => status === 'up').map(({ name }) => name));
  }

  async #entry(agent: AgentContract): Promise<Entry> {
    const answers = await this.bus.scatter(describeSubject(agent.name), {}, { headers: {}, windowMs: WINDOW_MS });
    return entryOf(agent, replicasOf(agent.name, answers));
  }
}

/** One per instance; what is no description of this agent is left out. */
function replicasOf(agent: string, answers: readonly Responder[]): Replica[] {
  const replicas = new Map<string, Replica>();
  for (const { body, latencyMs } of answers) {
    const { data } = Description.safeParse(body);
    if (data?.name === agent) replicas.set(data.instance, { ...data, latencyMs });
  }
  return [...replicas.values()];
}

/**
 * Since when: the oldest replica. Versions: each that runs, while a new one is rolled out. Latency: the quickest answer.
 * Tools: the public ones that at least one replica offers, by gateway name; resources and prompts likewise.
 */
function entryOf(agent: AgentContract, replicas: readonly Replica[]): Entry {
  const offered = (kind: 'tools' | 'resources' | 'prompts') => new Set(replicas.flatMap((replica) => replica[kind]));
  const [tools, resources, prompts] = [offered('tools'), offered('resources'), offered('prompts')];
  const versions = [...new Set(replicas.map(({ version }) => version))].sort();
  const starts = replicas.map(({ startedAt }) => startedAt).sort();
  return {
    name: agent.name,
    title: agent.title,
    description: agent.description,
    status: replicas.length > 0 ? 'up' : 'down',
    instances: replicas.length,
    version: versions.length > 0 ? versions.join(', ') : null,
    startedAt: starts[0] ?? null,
    latencyMs: replicas.length > 0 ? Math.min(...replicas.map(({ latencyMs }) => latencyMs)) : null,
    endpoint: `/agents/${agent.name}/mcp`,
    tools: publicTools([agent])
      .filter(({ tool }) => tools.has(tool))
      .map(({ tool, spec }) => ({ name: gatewayName(agent.name, tool), title: spec.title, effect: spec.effect })),
    resources: Object.entries(agent.resources)
      .filter(([name]) => resources.has(name))
      .map(([name, { uri, title }]) => ({ name, uri, title })),
    prompts: Object.entries(agent.prompts)
      .filter(([name]) => prompts.has(name))
      .map(([name, { title }]) => ({ name, title })),
  };
}
