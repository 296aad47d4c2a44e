// Names on the wire, derived in one place. Nobody types a subject or a tool's name twice.
import type { AgentContract, EventRef, ToolSpec } from './tool.js';

/** Bus subject of a tool, such as `labmesh.curator.fetch_dataset`. */
export const toolSubject = (agent: string, tool: string): string => `labmesh.${agent}.${tool}`;

/** What can be done with a resource. */
export type ResourceVerb = 'read' | 'list' | 'complete';

/**
 * What is done with a resource, by the name that the audit log has, such as `dataset:read`. Its subject is that of a
 * tool of this name: `labmesh.curator.dataset:read`. No tool has a colon in its name.
 */
export const resourceOperation = (resource: string, verb: ResourceVerb): string => `${resource}:${verb}`;

/** Asking for a prompt, likewise: `prompt:explore_dataset`. */
export const promptOperation = (prompt: string): string => `prompt:${prompt}`;

/** Completing an argument of a prompt. */
export const promptCompletion = (prompt: string): string => `${promptOperation(prompt)}:complete`;

/** Broadcast subject on which an agent hears that a call was given up. */
export const cancelSubject = (agent: string): string => `labmesh.${agent}.$cancel`;

/** Subject on which every replica of an agent tells what it is; never load-balanced away when scattered. */
export const describeSubject = (agent: string): string => `labmesh.${agent}.$describe`;

/** Broadcast subject on which every process tells which agents it runs. */
export const PRESENCE_SUBJECT = 'labmesh.$presence';

/** Bus subject of an event, such as `labmesh.event.chancellor.wallet_created`. */
export const eventSubject = (event: EventRef): string => `labmesh.event.${event.agent}.${event.name}`;

/** Limit of the clients in use; MCP itself allows 128. */
export const GATEWAY_NAME_MAX = 64;

/** A tool's name at the gateway, such as `curator_fetch_dataset`. */
export const gatewayName = (agent: string, tool: string): string => `${agent}_${tool}`;

/** The agent and tool of a gateway name: agents have no underscore, so the first one divides. */
export function fromGatewayName(name: string): { agent: string; tool: string } | undefined {
  const at = name.indexOf('_');
  return at < 1 || at === name.length - 1 ? undefined : { agent: name.slice(0, at), tool: name.slice(at + 1) };
}
/** As `gatewayName`, for texts that speak of a tool: one that does not exist does not compile. */
export const toolOf = <A extends AgentContract>(agent: A, tool: keyof A['tools'] & string): string =>
  gatewayName(agent.name, tool);

export interface NamedTool {
  readonly agent: string;
  readonly tool: string;
  readonly spec: ToolSpec;
}

/** Every public tool of the given agents, in the order they are declared. */
export const publicTools = (agents: readonly AgentContract[]): NamedTool[] =>
  agents.flatMap((agent) =>
    Object.entries(agent.tools)
      .filter(([, spec]) => spec.visibility !== 'internal')
      .map(([tool, spec]) => ({ agent: agent.name, tool, spec })),
  );

/** The processes that run jobs: no agent, as nobody asks them anything, but part of a mesh like one. */
export const WORKER = 'worker';
