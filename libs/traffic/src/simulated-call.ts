// A call as the simulated lab makes it: what an audit record has of it, its sizes, and its arguments.
import { createHash } from 'node:crypto';
import type { ErrorCodeName, Role } from '@labmesh/contracts';

export interface SimulatedCall {
  readonly at: number;
  readonly walletId: string | null;
  readonly credentialId: string | null;
  readonly agent: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly decision: 'allow' | 'deny';
  readonly outcome: 'ok' | ErrorCodeName;
  readonly durationMs: number;
  readonly inputHash: string;
  readonly inputBytes: number;
  readonly outputBytes: number;
  /** The campaign it belongs to; nothing for normal traffic. */
  readonly campaign?: string;
}

export interface Caller {
  readonly walletId: string | null;
  readonly credentialId: string | null;
}

export interface Principal extends Caller {
  readonly walletId: string;
  credentialId: string;
  readonly role: Role;
  readonly habit: 'person' | 'client' | 'script';
  /** First hour of its day, UTC, and how many it works. */
  readonly fromHour: number;
  readonly hours: number;
  /** Its own datasets. */
  readonly datasets: string[];
}

/** What was asked and what came of it; the rest of a call follows. */
export interface Deed {
  readonly agent: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly outcome?: SimulatedCall['outcome'];
  readonly outputBytes?: number;
  readonly durationMs?: number;
}

const DENIED = new Set<string>(['forbidden', 'unauthenticated', 'rate_limited']);

export function callOf(deed: Deed, { walletId, credentialId }: Caller, at: number): SimulatedCall {
  const text = JSON.stringify(deed.arguments);
  const outcome = deed.outcome ?? 'ok';
  return {
    at: Math.round(at),
    walletId,
    credentialId,
    agent: deed.agent,
    tool: deed.tool,
    arguments: deed.arguments,
    decision: DENIED.has(outcome) ? 'deny' : 'allow',
    outcome,
    durationMs: deed.durationMs ?? 5,
    inputHash: createHash('sha256').update(`${deed.agent}.${deed.tool} ${text}`).digest('hex'),
    inputBytes: text.length,
    outputBytes: outcome === 'ok' ? Math.round(deed.outputBytes ?? 400) : 120,
  };
}
