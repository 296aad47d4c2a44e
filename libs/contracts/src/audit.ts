// What the audit log knows of a call. Hashes and sizes only: never an argument, never a result.
import { z } from 'zod';
import { ERROR_CODES, type ErrorCodeName } from './errors.js';
import type { EventRef } from './tool.js';
import { Timestamp } from './values.js';

const errorCodes = Object.keys(ERROR_CODES) as [ErrorCodeName, ...ErrorCodeName[]];

export const CallRecord = z.object({
  id: z.string().describe('Id of this record (UUIDv7)'),
  callId: z.string().describe('Id of the call; agents that call on share it'),
  at: Timestamp,
  walletId: z.string().nullable().describe('Who called; null when nobody could be identified'),
  credentialId: z.string().nullable(),
  chain: z.array(z.string()).describe('Agents acting for the wallet, outermost first'),
  agent: z.string(),
  tool: z.string(),
  decision: z.enum(['allow', 'deny']),
  outcome: z.enum(['ok', ...errorCodes]).describe('"ok" or the error code'),
  durationMs: z.number().nonnegative(),
  inputHash: z.string().nullable().describe('SHA-256 of the canonical JSON of the arguments, hex'),
  outputHash: z.string().nullable().describe('SHA-256 of the canonical JSON of the result, hex'),
});
export type CallRecord = z.infer<typeof CallRecord>;

/** Published by every process for the calls it decided or ran; Sentinel stores them, idempotently by record id. */
export const callsRecorded = {
  agent: 'mesh',
  name: 'calls_recorded',
  payload: z.object({ records: z.array(CallRecord) }),
} as const satisfies EventRef;
