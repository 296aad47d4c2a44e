// validate_request: the authority on whether a wallet may use a tool. Decides by the rule that the gateway and agents use too.
import { decide } from '@labmesh/agent';
import {
  AGENTS,
  gatewayName,
  type NamedTool,
  type sentinel,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';

type Request = ToolInput<(typeof sentinel.tools)['validate_request']>;
type Answer = ToolOutput<(typeof sentinel.tools)['validate_request']>;

// Internal tools too, so that the answer can tell "not for you" from "no such tool".
const TOOLS: ReadonlyMap<string, NamedTool> = new Map(
  AGENTS.flatMap(({ name: agent, tools }) =>
    Object.entries(tools).map(([tool, spec]): [string, NamedTool] => [gatewayName(agent, tool), { agent, tool, spec }]),
  ),
);

/** Answers with the decision, why, and the rule that made it. */
export function validateRequest({ subject, action, resource }: Request): Answer {
  if (action.name !== resource.id) {
    const reason = `The action ${action.name} is not one on ${resource.id}: name the tool in both.`;
    return { decision: false, context: { reason, rule: 'resource_mismatch' } };
  }
  const { decision, reason, rule } = decide(subject.properties, TOOLS.get(action.name));
  return { decision, context: { reason, rule } };
}
