// What stands in files of the audit log, line by line as JSON: exports of this command, heads of the Sentinel's witness file,
// answers of audit_proof.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { AppError, type sentinel } from '@labmesh/contracts';
import { z } from 'zod';

const HeadLine = z.object({ size: z.number().int().min(0), checkpoint: z.string() });
/** Taken as it is, members of newer labs and all: the log is signed over every one of them. */
const Signed = z.looseObject({ id: z.string(), callId: z.string() });
const RecordLine = z.object({ cursor: z.string(), record: Signed });
const ProofLine = z.object({
  record: Signed.extend({ cursor: z.string(), severity: z.string() }),
  leafHash: z.string(),
  index: z.number().int(),
  proof: z.array(z.string()),
  head: HeadLine,
});
const BeginLine = z.object({ export: z.literal('labmesh-audit-1'), verifierKey: z.string(), at: z.string() });

export type Head = z.infer<typeof HeadLine>;
export type Placed = z.infer<typeof RecordLine>;
export type SignedRecord = z.infer<typeof Signed>;
export type AuditProof = z.infer<typeof ProofLine>;
type Entry = z.output<typeof sentinel.tools.audit_log_stream.output>['records'][number];

export type Line =
  | { readonly kind: 'begin'; readonly verifierKey: string }
  | { readonly kind: 'head'; readonly head: Head }
  | { readonly kind: 'record'; readonly placed: Placed }
  | { readonly kind: 'proof'; readonly proof: AuditProof };

/** @throws AppError invalid_input that names the line which is none of these; not_found when the file cannot be read */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  try {
    for await (const text of lines) {
      number += 1;
      if (text.trim() !== '') yield lineOf(text, `line ${number} of ${path}`);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('not_found', `Cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function lineOf(text: string, where: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError(
      'invalid_input',
      `Cannot read ${where}: it is not JSON. Was the file cut, or is it another one?`,
    );
  }
  const record = RecordLine.safeParse(value);
  if (record.success) return { kind: 'record', placed: record.data };
  const head = HeadLine.safeParse(value);
  if (head.success) return { kind: 'head', head: head.data };
  const begin = BeginLine.safeParse(value);
  if (begin.success) return { kind: 'begin', verifierKey: begin.data.verifierKey };
  const proof = ProofLine.safeParse(value);
  if (proof.success) return { kind: 'proof', proof: proof.data };
  throw new AppError(
    'invalid_input',
    `Cannot read ${where}: it is neither a record, a signed head nor a proof of the audit log`,
  );
}

export const beginLine = (verifierKey: string): string =>
  JSON.stringify({ export: 'labmesh-audit-1', verifierKey, at: new Date().toISOString() });
export const headLine = ({ size, checkpoint }: Head): string => JSON.stringify({ size, checkpoint });

/** The record alone is what the log is signed over: its place and its severity follow from it. */
export function recordLine(entry: Entry): string {
  const { cursor, severity: _severity, ...record } = entry;
  return JSON.stringify({ cursor, record });
}
