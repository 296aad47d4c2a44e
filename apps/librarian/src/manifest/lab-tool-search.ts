// The search among all public tools of the lab, made at the first question and the same for everybody: rights are its users' to decide.
import { AGENTS, gatewayName, type NamedTool, publicTools, toolWords } from '@labmesh/contracts';
import { ToolSearch } from '@labmesh/search';

let made: ToolSearch<NamedTool> | undefined;

export function labToolSearch(): ToolSearch<NamedTool> {
  made ??= new ToolSearch(publicTools(AGENTS), (tool) =>
    toolWords(
      tool,
      gatewayName(tool.agent, tool.tool),
      AGENTS.find(({ name }) => name === tool.agent),
    ),
  );
  return made;
}
