// What a caller keeps of a call to ask for its proof in the audit log.
import { z } from 'zod';

/** Where a call's record will be in the log: what the caller keeps to ask for its proof. */
export const Receipt = z.object({
  leafHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Hash of the record as a leaf of the log (RFC 9162), hex'),
  log: z.string().describe('Name of the log, as its public key has it'),
});
export type Receipt = z.infer<typeof Receipt>;

/** Where a `tools/call` result carries its receipt in `_meta`. */
export const RECEIPT_META_KEY = 'labmesh/receipt';
