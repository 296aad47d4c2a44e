// Who calls, on whose behalf and until when. Travels in bus headers; handlers get it as their second argument.

import type { Answers } from './answers.js';
import type { Permission, Role } from './permissions.js';

/**
 * Who is calling: a wallet with a role. What a handler sees in `permissions` may be fewer than the role's, never more; on the
 * way there they are what the credential carries, and the policy in force has the last word.
 */
export interface Principal {
  readonly walletId: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
  /** When present, the only tools (by gateway name, such as `curator_fetch_dataset`) this credential may use. */
  readonly toolset?: readonly string[];
  /** Id of the credential presented, for audit and revocation. */
  readonly credentialId: string;
}

export interface Call {
  /** UUIDv7, the same from the gateway to the last agent in the chain. */
  readonly id: string;
  readonly principal: Principal;
  /** Agents that act for the principal, outermost first; empty when the gateway called. */
  readonly chain: readonly string[];
  /** Unix milliseconds after which the answer is of no use. */
  readonly deadline: number;
  /** Aborted when the caller goes away or the deadline passes. */
  readonly signal: AbortSignal;
  /** The pass this agent was called with: what it shows Sentinel to call another agent. */
  readonly pass: string;
  /** What the client answered to the questions of an earlier run of this call: see `InputRequired`. */
  readonly answers?: Answers;
  /** W3C `traceparent` of this hop, when the call belongs to a trace. */
  readonly traceparent?: string;
  /** W3C `tracestate`, as the client sent it. */
  readonly tracestate?: string;
}
