// `npm run bench -- context`: how much of a model's context the lab's tools take, by role, agent, toolset and tool.

import { AGENTS, gateway, ROLES, TOOLSET_NAMES } from '@labmesh/contracts';
import { scopeWith } from '@labmesh/endpoint';
import { atMost, type BenchResult, type Figure, type Floor, result } from '../report.js';
import { type CountedTool, everydayOf, everyTool, listedBy, listedTo, sum } from './list-tokens.js';

const RESEARCHER_TOOLS_MAX = 40;
const RESEARCHER_TOKENS_MAX = 8_000;
const TOOL_TOKENS_MAX = 400;
/** How many of the biggest tools are named. */
const BIGGEST = 10;

const row = (name: string, shown: readonly CountedTool[], all?: readonly CountedTool[]): Figure => ({
  case: name,
  values: {
    tools: shown.length,
    tokens: sum(shown),
    ...(all === undefined ? {} : { 'all tools': all.length, 'all tokens': sum(all) }),
  },
});

/** Bounds that hold for the contracts as they are, wherever they are counted. */
export function contextFloors(): Floor[] {
  const researcher = listedTo('researcher');
  return [
    atMost('tools listed to a researcher who chooses nothing', researcher.length, RESEARCHER_TOOLS_MAX),
    atMost('their tokens', sum(researcher), RESEARCHER_TOKENS_MAX),
    ...everyTool().map(({ name, tokens }) => atMost(`tokens of ${name}`, tokens, TOOL_TOKENS_MAX)),
  ];
}

/** The bounds as few lines: of the tools, the biggest one and those above the bound. */
function worth([tools, tokens, ...each]: readonly Floor[]): Floor[] {
  const [biggest, ...others] = each.sort((a, b) => b.measured - a.measured);
  return [tools, tokens, biggest, ...others.filter(({ ok }) => !ok)].filter((floor) => floor !== undefined);
}

export async function contextBench(): Promise<BenchResult> {
  const all = scopeWith(['all']);
  const roles = ROLES.map((role) => row(`role ${role}`, listedTo(role), listedTo(role, all)));
  const agents = AGENTS.map(({ name }) => row(`agent ${name}`, everydayOf(name), listedBy(name)));
  const sets = TOOLSET_NAMES.map((name) => row(`toolset ${name}`, listedTo('operator', scopeWith([name]))));
  const biggest = everyTool()
    .sort((a, b) => b.tokens - a.tokens)
    .slice(0, BIGGEST)
    .map((tool) => ({ case: `tool ${tool.name}`, values: { tokens: tool.tokens } }));
  const own = row(`the ${gateway.name} itself`, everydayOf(gateway.name));
  return result('context', [...roles, own, ...agents, ...sets, ...biggest], worth(contextFloors()), [
    'tokens: o200k_base, of each tool’s name, description and input schema as JSON',
    'tools of roles and agents: those listed to who chooses nothing; all: with toolsets=all, or at the agent’s own endpoint; toolsets: as the operator sees them',
  ]);
}
