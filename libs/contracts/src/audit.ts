// What the audit log knows of a call. Hashes and sizes only: never an argument, never a result.
import { z } from 'zod';
import { ERROR_CODES, type ErrorCodeName } from './errors.js';
import type { EventRef } from './tool.js';
import { Timestamp } from './values.js';

const errorCodes = Object.keys(ERROR_CODES) as [ErrorCodeName, ...ErrorCodeName[]];

/** Its members stand in the order of canonical JSON: a record is hashed as it is written. */
export const CallRecord = z.object({
  about: z
    .record(z.string(), z.string())
    .nullable()
    .default(null)
    .describe(
      'Arguments that the contract declares as what the call is about, or the anomaly because of which it was refused: ids, never free text',
    ),
  agent: z.string(),
  at: Timestamp,
  callId: z.string().describe('Id of the call; agents that call on share it'),
  chain: z.array(z.string()).describe('Agents acting for the wallet, outermost first'),
  credentialId: z.string().nullable(),
  decision: z.enum(['allow', 'deny']),
  durationMs: z.number().nonnegative(),
  id: z.string().describe('Id of this record (UUIDv7)'),
  inputBytes: z.number().int().nonnegative().nullable().default(null).describe('Length of the arguments’ JSON, bytes'),
  inputHash: z.string().nullable().describe('SHA-256 of the canonical JSON of the arguments, hex'),
  outcome: z.enum(['ok', ...errorCodes]).describe('"ok" or the error code'),
  outputBytes: z.number().int().nonnegative().nullable().default(null).describe('Length of the result’s JSON, bytes'),
  outputHash: z.string().nullable().describe('SHA-256 of the canonical JSON of the result, hex'),
  tool: z.string(),
  walletId: z.string().nullable().describe('Who called; null when nobody could be identified'),
});
export type CallRecord = z.infer<typeof CallRecord>;

/** Under which names an endpoint records what reached no tool: credentials that are not good, requests over a limit. */
export const BY_ENDPOINT = {
  authenticate: { agent: 'endpoint', tool: 'authenticate' },
  request: { agent: 'endpoint', tool: 'request' },
} as const;

/** Published by every process for the calls it decided or ran; Sentinel stores them, idempotently by record id. */
export const callsRecorded = {
  agent: 'mesh',
  name: 'calls_recorded',
  payload: z.object({ records: z.array(CallRecord) }),
} as const satisfies EventRef;
