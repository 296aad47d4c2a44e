// What a decision costs: in the process that asks, from the policy it has.

import { AGENTS, BUILT_IN_POLICY, gatewayName, POLICY_RULES_MAX, Policy, publicTools } from '@labmesh/contracts';
import { CompiledPolicy, decide } from '@labmesh/identity';
import { v7 as uuidv7 } from 'uuid';
import { atMost, round } from '../report.js';
import { quantile } from '../timed.js';
import { figure, type Part } from './part.js';

const ROUNDS = 2_000;
const DECISION_MAX_US = 1;

export function decisions(): Part {
  const builtIn = decisionTimes(new CompiledPolicy(BUILT_IN_POLICY, 0));
  const ruled = decisionTimes(new CompiledPolicy({ version: 1, policy: manyRules() }, 0));
  return {
    figures: [
      figure('decision, beside one look into a set', builtIn.times, builtIn.baseline),
      figure(
        `decision under a policy of ${POLICY_RULES_MAX} rules, beside one look into a set`,
        ruled.times,
        ruled.baseline,
      ),
    ],
    floors: [atMost('decision under many rules: p50 us', round(quantile(ruled.times, 0.5)), DECISION_MAX_US)],
  };
}

/** Half of them about others' wallets, half about all of a role that did not call. */
const manyRules = (): Policy =>
  Policy.parse({
    rules: Array.from({ length: POLICY_RULES_MAX }, (_, rule) => ({
      id: `rule-${rule}`,
      description: 'One of many',
      deny: rule % 2 === 0 ? { wallets: [`wal_${uuidv7()}`] } : { roles: ['citizen'], agents: ['curator'] },
    })),
  });

function decisionTimes(policy: CompiledPolicy): { times: number[]; baseline: number[] } {
  const tools = publicTools(AGENTS);
  const times: number[] = [];
  const baseline: number[] = [];
  const names = new Set(tools.map(({ agent, tool }) => gatewayName(agent, tool)));
  const walletId = `wal_${uuidv7()}`;
  const rights = { walletId, role: 'researcher', permissions: ['dataset:read', 'dataset:write'] } as const;
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    const started = performance.now();
    for (const tool of tools) decide(rights, tool, { policy });
    const between = performance.now();
    for (const { agent, tool } of tools) names.has(gatewayName(agent, tool));
    times.push(((between - started) / tools.length) * 1_000);
    baseline.push(((performance.now() - between) / tools.length) * 1_000);
  }
  times.sort((a, b) => a - b);
  baseline.sort((a, b) => a - b);
  return { times, baseline };
}
