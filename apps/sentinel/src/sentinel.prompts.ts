// The Sentinel's prompts: words only, about tools that exist. No credential is made or shown here.
import { asUser, type PromptHandlers, sentinel, toolOf } from '@labmesh/contracts';
import { checkAgent } from './audit/audit-names.js';

const token = toolOf(sentinel, 'generate_wallet_token');
const log = toolOf(sentinel, 'audit_log_stream');

export const sentinelPrompts = (): PromptHandlers<typeof sentinel.prompts> => ({
  connect_a_client: ({ client, kind }) =>
    asUser(`Help me connect ${client} to the lab.

1. Ask me what it shall do here, and name the tools that this takes from those you can see.
2. Propose the smallest toolset and the shortest life that will do. A token with a toolset reads no resources and gets no prompts.
3. When I agree, call ${token} with kind "${kind}", that toolset, ttlSeconds, and the label "${client}".
4. Show the token once, with where it goes: the header "Authorization: Bearer <token>" of the lab’s MCP address. Do not repeat it afterwards, and put it in no file unless I ask.
5. Tell me the tokenId and when it expires.`),
  review_refusals: ({ agent }) => {
    if (agent !== undefined) checkAgent(agent);
    return asUser(`Review what the lab refused lately${agent === undefined ? '' : ` at ${agent}`}.

1. Call ${log} with decision "deny"${agent === undefined ? '' : `, agent "${agent}"`} and limit 200.
2. Group the records by wallet, then by tool and outcome, with counts and the first and last time.
3. Tell mistakes (one wallet, one tool, a permission its role lacks) from attempts (many tools, or no wallet at all, in a short time). Say which it looks like, and why.
4. For each mistake, name the permission that is missing and the roles that have it.
5. End with what I should look at first.

Records hold hashes, never arguments: do not claim to know what was in a call.`);
  },
});
