// What LabMesh promises, each with an id that a story cites. A test fails for an id that nothing cites.
import { test } from 'vitest';

export const REQUIREMENTS = {
  'start:ready':
    'One command brings the lab up and says where it is, where the operator’s token is and what to type next.',
  'start:refusals':
    'A second lab on the same folder, a busy port, an unwritable folder and wrong settings are refused with what to do.',
  'restart:nothing-lost':
    'After kill -9 and a new start, wallets, balances, datasets, solutions and the audit log are all there.',
  'roles:listed-is-callable':
    'A wallet sees the tools its role allows and no others; what it does not see is refused with a reason.',
  'knowledge:citations':
    'The Librarian answers from the documents, and every citation is the exact span of a file that opens.',
  'knowledge:solution': 'A logged solution is found at once.',
  'data:round-trip':
    'The solar-flare dataset validates, and survives the way to Parquet and back without a difference.',
  'money:transfer': 'A transfer moves money once: both balances show it, and a repeated key moves nothing.',
  'audit:every-call':
    'Every call, allowed or refused, is in the audit log with who, what, decision, outcome, time and hashes, and no argument.',
  'health:true': 'System health reports the services, database, queue and bus as they are.',
  'resources:read':
    'Datasets, wallets, templates, documents and agents are resources: what is listed can be read, text as text and bytes as bytes.',
  'resources:owned': 'Another wallet’s dataset or wallet is neither listed, nor completed, nor read.',
  'resources:refusals': 'Unknown addresses, prompts, arguments and cursors get the specified code.',
  'resources:roles':
    'A wallet sees the resources and prompts its rights allow and no others; the rest is refused and recorded.',
  'resources:one-dead-agent': 'An agent that does not answer hides its own resources and nobody else’s.',
  'prompts:work': 'Each prompt speaks of tools that its reader has; arguments complete where the values are known.',
  'agents:live': 'The manifest shows every agent as it answers now; one that is gone is shown as down.',
  'agents:own-endpoint': 'Each agent has its own MCP endpoint, with its plain tool names.',
  'mesh:replicas': 'Two replicas of an agent share its calls; when one dies the other answers.',
  'catalogue:follows':
    'The list of tools follows agents that come and go within a second, and listeners of both protocol eras hear of it.',
  'catalogue:dead-agent':
    'The tools of an agent that is gone or frozen are marked and refused at once; other agents’ tools are not affected.',
  'toolsets:restrict': 'A connection that chooses toolsets lists and calls these tools only, in both protocol eras.',
  'search:finds': 'search_tools finds the tools that fit an intent among those the caller may use, and is audited.',
  'command:works':
    'The labmesh command does on the lab’s own machine, without any setting, what people need every day.',
  'wire:errors': 'Every malformed request gets the specified status and code.',
  'wire:clients': 'The official clients of both protocol eras list and call through the gateway.',
  'wire:same-as-agent':
    'A session through the gateway has the same answers, to the byte but for declared rewrites, as at the agent’s own endpoint.',
  'wire:fuzz':
    'Whatever bytes arrive, the lab lives, answers with a declared status and shape, and never with another caller’s data.',
  'auth:tokens':
    'No token, an expired, foreign or unsigned one gets 401 with a challenge; a wallet’s token does what its wallet may.',
  'see:trace':
    'One call leaves one trace with linked spans of gateway and agents, errors marked; nothing a caller sent is in it.',
  'see:metrics': 'Odd requests make no new label, and the dashboard asks only for metrics that exist.',
  'see:no-secret': 'Secrets fed in everywhere are in no log line, metric or audit record, at debug level too.',
  'auth:sign-in': 'A sign-in link works once.',
  'limits:calls':
    'A wallet that calls too often, or too much at once, is told when to come back, as a tool error; other wallets notice nothing.',
  'limits:requests': 'Lists beyond a wallet’s rate get 429 with Retry-After.',
  'limits:guessing': 'An address that keeps failing to sign in gets 429 with Retry-After; who is known there works on.',
  'limits:bounded-log': 'A flood of refusals is counted whole, and recorded in a bounded number of audit records.',
  'limits:shared': 'Gateway replicas share a wallet’s limits.',
  'drain:agent': 'An agent replica that is stopped and started again under load fails no call.',
  'drain:gateway': 'A gateway that is stopped under load answers every request that it took.',
} as const;

export type Requirement = keyof typeof REQUIREMENTS;

/** A test that shows a requirement. */
export const verifies = (id: Requirement, run: () => Promise<void>, timeoutMs?: number): void =>
  test(`${id}: ${REQUIREMENTS[id]}`, run, timeoutMs);
