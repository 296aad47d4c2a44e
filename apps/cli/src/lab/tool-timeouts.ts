// How long a tool may take, as the contracts say. It loads every contract: only who calls a tool by its name needs that.
import { AGENTS, gatewayName, publicTools } from '@labmesh/contracts';

/** Milliseconds; undefined for a tool that the contracts do not know. */
export function timeoutOf(name: string): number | undefined {
  return publicTools(AGENTS).find(({ agent, tool }) => gatewayName(agent, tool) === name)?.spec.timeoutMs;
}
