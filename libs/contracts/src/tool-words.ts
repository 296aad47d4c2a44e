// The words that a tool is found by: its own, and those of what it belongs to. Who looks for them, and how, is not known here.
import { gatewayName, type NamedTool } from './names.js';
import { toolPhrases } from './phrases/phrases.js';
import type { AgentContract } from './tool.js';
import { TOOLSET_NAMES, TOOLSETS, type ToolsetName, type ToolsetSpec, toolsetsHold } from './toolsets.js';

/** Sets that hold a tool for what it is about; those that are about the length of a list say nothing of what is in them. */
export const toolsetsOf = (tool: NamedTool): ToolsetName[] =>
  TOOLSET_NAMES.filter((name) => (TOOLSETS[name] as ToolsetSpec).open !== true && toolsetsHold([name], tool));

/** @param name by which it is called at the place where it is looked for */
export const toolWords = (tool: NamedTool, name: string, agent: AgentContract | undefined) => ({
  name,
  title: tool.spec.title,
  description: tool.spec.description,
  parameters: Object.keys(tool.spec.input.shape),
  keywords: [...(tool.spec.keywords ?? []), ...(toolPhrases().get(gatewayName(tool.agent, tool.tool)) ?? [])],
  everyday: tool.spec.everyday === true,
  belonging: toolsetsOf(tool)
    .map((set) => `${set} ${TOOLSETS[set].title}`)
    .concat(agent === undefined ? '' : `${agent.title} ${agent.description}`)
    .join(' '),
});
