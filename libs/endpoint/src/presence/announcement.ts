// What a process tells everyone about the agents it runs. Names and digests only: never an address, never a credential.

import type { Bus } from '@labmesh/bus';
import { type AgentContract, publicTools } from '@labmesh/contracts';
import { canonicalHash } from '@labmesh/transparency';
import { z } from 'zod';

/** How often a process announces itself. */
export const HEARTBEAT_MS = 500;

export const Announcement = z.object({
  /** One per process, so that replicas can be told apart. */
  instance: z.string().min(1).max(200),
  leaving: z.boolean(),
  agents: z.array(z.object({ name: z.string().min(1).max(40), digest: z.string().max(64) })).max(100),
});
export type Announcement = z.infer<typeof Announcement>;

const digests = new WeakMap<AgentContract, string>();

/** What is told of a contract on this bus. Within one process all run one program: there is nothing to look for in schemas. */
export const toldDigest = ({ kind }: Pick<Bus, 'kind'>, contract: AgentContract): string =>
  kind === 'in-process' ? kind : contractDigest(contract);

/** Equal for contracts that offer the same: names, words, schemas, permissions and limits of the public tools. */
export function contractDigest(contract: AgentContract): string {
  const known = digests.get(contract);
  if (known !== undefined) return known;
  const offered = publicTools([contract]).map(({ tool, spec: { input, output, progress, ...rest } }) => ({
    ...rest,
    tool,
    streaming: progress !== undefined,
    input: z.toJSONSchema(input, { io: 'input' }),
    output: z.toJSONSchema(output, { io: 'output' }),
  }));
  const digest = canonicalHash(offered).slice(0, 16);
  digests.set(contract, digest);
  return digest;
}
