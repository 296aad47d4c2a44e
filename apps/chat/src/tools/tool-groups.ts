// The caller's tools as a list: grouped by the agent in front of their name, filtered by words.
import type { ToolInfo } from '../mcp/connection.js';

export interface ToolGroup {
  readonly agent: string;
  readonly tools: readonly ToolInfo[];
}

/** The gateway's own tools have no agent in front. */
const GATEWAY_TOOLS: readonly string[] = ['search_tools', 'describe_tool'];

export const agentOf = (name: string): string =>
  GATEWAY_TOOLS.includes(name) ? 'gateway' : (name.split('_')[0] ?? name);

export const titleOf = (tool: ToolInfo): string => tool.title ?? tool.annotations?.title ?? tool.name;

/** Every word of the filter must occur in a tool's name, title or description. Groups keep the server's order. */
export function groupTools(tools: readonly ToolInfo[], filter: string): ToolGroup[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const groups = new Map<string, ToolInfo[]>();
  for (const tool of tools) {
    const text = `${tool.name} ${titleOf(tool)} ${tool.description ?? ''}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const agent = agentOf(tool.name);
    const group = groups.get(agent);
    if (group) group.push(tool);
    else groups.set(agent, [tool]);
  }
  return [...groups].map(([agent, members]) => ({ agent, tools: members }));
}

export type Effect = 'read' | 'write' | 'destroy' | 'unknown';

/** Hints as the server gives them. MCP counts a tool that says nothing as possibly destructive; here it is unknown. */
export function effectOf(tool: ToolInfo): Effect {
  const { readOnlyHint, destructiveHint } = tool.annotations ?? {};
  if (readOnlyHint === true) return 'read';
  if (destructiveHint === true) return 'destroy';
  return destructiveHint === false ? 'write' : 'unknown';
}
