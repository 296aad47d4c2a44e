// Who can help with what: the tools that fit a need, and whether the asker may call them. It decides by the rule that every guard
// asks, and never tells of a tool that no program reaches.
import {
  AGENTS,
  gatewayName,
  type librarian,
  type NamedTool,
  type Principal,
  type ToolInput,
  type ToolOutput,
  toolsetsOf,
} from '@labmesh/contracts';
import { decide, Policies } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { labToolSearch } from './lab-tool-search.js';
import { Manifest } from './manifest.js';

type Spec = (typeof librarian.tools)['find_tool'];
type Rights = Pick<ToolOutput<Spec>['tools'][number], 'mayCall' | 'missing' | 'heldBy' | 'reason'>;

const nameOf = ({ agent, tool }: NamedTool): string => gatewayName(agent, tool);

@Injectable()
export class FoundTools {
  constructor(
    @Inject(Policies) private readonly policies: Pick<Policies, 'current'>,
    @Inject(Manifest) private readonly manifest: Pick<Manifest, 'up'>,
  ) {}

  async find({ query, limit }: ToolInput<Spec>, principal: Principal): Promise<ToolOutput<Spec>> {
    const found = labToolSearch().find(query, limit, () => true);
    const names = [...new Set(found.map(({ entry }) => entry.agent))];
    const up = await this.manifest.up(names);
    const status = (agent: string) => (up.has(agent) ? ('up' as const) : ('down' as const));
    return {
      tools: found.map(({ entry, score }) => ({
        name: nameOf(entry),
        title: entry.spec.title,
        description: entry.spec.description,
        agent: entry.agent,
        status: status(entry.agent),
        effect: entry.spec.effect,
        toolsets: toolsetsOf(entry),
        ...this.#rights(entry, principal),
        score: Math.round(score * 1_000) / 1_000,
      })),
      agents: names.flatMap((name) =>
        AGENTS.filter((agent) => agent.name === name).map(({ title, description }) => ({
          name,
          title,
          description,
          status: status(name),
        })),
      ),
    };
  }

  #rights(tool: NamedTool, principal: Principal): Rights {
    const policy = this.policies.current;
    const { decision, reason, rule } = decide(principal, tool, { policy });
    const missing = rule === 'permission_missing' ? tool.spec.permission : null;
    return { mayCall: decision, missing, heldBy: missing === null ? [] : policy.rolesWith(missing), reason };
  }
}
