// Named parts of the lab's tools, for clients that want fewer, or all: `/mcp?toolsets=data,jobs`. One table; a set never adds a right.

import { gatewayName, type NamedTool } from './names.js';

export interface ToolsetSpec {
  readonly title: string;
  /** What it lists: every tool, the everyday ones, or agents by name, with all their tools, and single tools by gateway name. */
  readonly holds: 'all' | 'everyday' | readonly string[];
  /** Tools that it does not list may be called all the same: it is about the length of a list. Without it, nothing else may. */
  readonly open?: boolean;
}

export const TOOLSETS = {
  everyday: {
    title: 'What is listed to who chooses nothing: the everyday tools, and those that find the others',
    holds: 'everyday',
    open: true,
  },
  all: { title: 'Every tool', holds: 'all', open: true },
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
  search: { title: 'Only the tools that find the others', holds: ['gateway'], open: true },
} as const satisfies Readonly<Record<string, ToolsetSpec>>;

export type ToolsetName = keyof typeof TOOLSETS;
export const TOOLSET_NAMES = Object.keys(TOOLSETS) as ToolsetName[];

export const isToolsetName = (name: string): name is ToolsetName => Object.hasOwn(TOOLSETS, name);

/** Whether one of the sets lists this tool. */
export const toolsetsHold = (names: readonly ToolsetName[], { agent, tool, spec }: NamedTool): boolean =>
  names.some((name) => {
    const { holds }: ToolsetSpec = TOOLSETS[name];
    if (holds === 'all') return true;
    if (holds === 'everyday') return spec.everyday === true;
    return holds.includes(agent) || holds.includes(gatewayName(agent, tool));
  });

/** Whether a connection with these sets may call this tool, where its caller's rights allow it. */
export const toolsetsAllow = (names: readonly ToolsetName[], tool: NamedTool): boolean =>
  toolsetsHold(names, tool) || names.some((name) => (TOOLSETS[name] as ToolsetSpec).open === true);
