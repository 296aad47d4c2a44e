// Makes the audit record of a call. Of arguments and results it keeps a hash, a size and the ids that the contract declares as
// what the call is about: never the data itself.
import { hash } from 'node:crypto';
import type { CallRecord, Outcome, ToolSpec } from '@labmesh/contracts';
import { canonicalJson } from '@labmesh/transparency';
import { newId } from '../ids.js';

/** What is known of the call besides its end. */
export interface RecordedCall {
  readonly callId: string;
  readonly walletId: string | null;
  readonly credentialId: string | null;
  readonly chain?: readonly string[];
  readonly agent: string;
  readonly tool: string;
}

export interface CallEnd {
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** True when a limit turned it away. */
  readonly refused?: boolean;
  /** The arguments as they came; left out where they were not looked at. */
  readonly input?: unknown;
  /** The result; left out where there is none. */
  readonly output?: unknown;
  readonly spec?: Pick<ToolSpec, 'about'>;
  /** The arguments as the contract has them, once they were found valid: only of these are ids taken over. */
  readonly valid?: unknown;
  /** What a refusal is about, where its own reason has ids. */
  readonly about?: Record<string, string> | undefined;
}

/** For a record: milliseconds since `performance.now()` gave this, to a thousandth. */
export const durationSince = (started: number): number => Math.round((performance.now() - started) * 1_000) / 1_000;

/** Longest id that is taken over into a record, characters. */
const ABOUT_CHARS_MAX = 200;

export function callRecordOf(call: RecordedCall, end: CallEnd): CallRecord {
  const [input, output] = [named(end.input), named(end.output)];
  const denied = end.refused === true || end.outcome === 'forbidden' || end.outcome === 'unauthenticated';
  // In the order of canonical JSON: so it is hashed at the least cost.
  return {
    about: end.about ?? aboutOf(end),
    agent: call.agent,
    at: new Date().toISOString(),
    callId: call.callId,
    chain: [...(call.chain ?? [])],
    credentialId: call.credentialId || null,
    decision: denied ? 'deny' : 'allow',
    durationMs: end.durationMs,
    id: newId(),
    inputBytes: input.bytes,
    inputHash: input.hash,
    outcome: end.outcome,
    outputBytes: output.bytes,
    outputHash: output.hash,
    tool: call.tool,
    walletId: call.walletId || null,
  };
}

/** SHA-256 of the canonical JSON, hex, and its length in UTF-8. */
function named(value: unknown): { hash: string | null; bytes: number | null } {
  if (value === undefined) return { hash: null, bytes: null };
  const json = canonicalJson(value);
  return { hash: hash('sha256', json, 'hex'), bytes: Buffer.byteLength(json) };
}

function aboutOf({ spec, valid }: CallEnd): Record<string, string> | null {
  if (spec?.about === undefined || typeof valid !== 'object' || valid === null) return null;
  const values = valid as Record<string, unknown>;
  const members = spec.about.map((name) => [name, values[name]] as const).filter(([, value]) => isId(value));
  return members.length === 0 ? null : (Object.fromEntries(members) as Record<string, string>);
}

const isId = (value: unknown): boolean => typeof value === 'string' && value.length <= ABOUT_CHARS_MAX;
