// validate_request: the authority on whether a wallet may use a tool. Decides by the rule that the gateway and agents use too.
import {
  AGENTS,
  gatewayName,
  type NamedTool,
  operationsOf,
  type sentinel,
  type ToolInput,
  type ToolOutput,
  UPLOADS,
} from '@labmesh/contracts';
import { type CompiledPolicy, decide } from '@labmesh/identity';

type Request = ToolInput<(typeof sentinel.tools)['validate_request']>;
type Answer = ToolOutput<(typeof sentinel.tools)['validate_request']>;

// Internal tools too, so that the answer can tell "not for you" from "no such tool"; and what is done with resources, prompts,
// blobs and uploads.
export const TOOLS: ReadonlyMap<string, NamedTool> = new Map(
  [
    ...AGENTS.flatMap((contract) => [
      ...Object.entries(contract.tools).map(([tool, spec]) => ({ agent: contract.name, tool, spec })),
      ...operationsOf(contract),
    ]),
    ...Object.values(UPLOADS),
  ].map((named): [string, NamedTool] => [gatewayName(named.agent, named.tool), named]),
);

/** Answers with the decision, why, and the rule that made it. */
export function validateRequest({ subject, action, resource }: Request, policy: CompiledPolicy): Answer {
  const policyVersion = policy.version;
  if (action.name !== resource.id) {
    const reason = `The action ${action.name} is not one on ${resource.id}: name the tool in both.`;
    return { decision: false, context: { reason, rule: 'resource_mismatch', policyVersion } };
  }
  const { decision, reason, rule } = decide({ ...subject.properties, walletId: subject.id }, TOOLS.get(action.name), {
    policy,
  });
  return { decision, context: { reason, rule, policyVersion } };
}
