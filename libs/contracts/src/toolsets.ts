// Named parts of the lab's tools, for clients that want fewer: `/mcp?toolsets=data,jobs`. One table; a set never adds a right.

import { gatewayName } from './names.js';
import type { AgentContract } from './tool.js';

export interface ToolsetSpec {
  readonly title: string;
  /** Agents by name, with all their tools, and single tools by gateway name. */
  readonly holds: readonly string[];
}

export const TOOLSETS = {
  data: { title: 'Datasets, schemas and formats', holds: ['curator'] },
  knowledge: { title: 'Questions, documents and solutions', holds: ['librarian'] },
  money: { title: 'Wallets and transfers', holds: ['chancellor'] },
  identity: { title: 'Tokens, sign-in, policies, encryption and the audit log', holds: ['sentinel'] },
  templates: { title: 'Project templates', holds: ['architect'] },
  jobs: { title: 'Machines and their job queue', holds: ['mechanic'] },
  operations: {
    title: 'What an operator watches',
    holds: [
      'mechanic',
      'sentinel_audit_log_stream',
      'sentinel_audit_query',
      'sentinel_audit_verify',
      'sentinel_anomaly_report',
      'sentinel_resolve_anomaly',
      'librarian_get_agent_manifest',
    ],
  },
  search: { title: 'Only the tools that find tools', holds: ['gateway'] },
} as const satisfies Readonly<Record<string, ToolsetSpec>>;

export type ToolsetName = keyof typeof TOOLSETS;
export const TOOLSET_NAMES = Object.keys(TOOLSETS) as ToolsetName[];

export const isToolsetName = (name: string): name is ToolsetName => Object.hasOwn(TOOLSETS, name);

/** Whether one of the sets holds this tool. */
export const toolsetsHold = (names: readonly ToolsetName[], agent: AgentContract['name'], tool: string): boolean =>
  names.some((name) => {
    const holds: readonly string[] = TOOLSETS[name].holds;
    return holds.includes(agent) || holds.includes(gatewayName(agent, tool));
  });
