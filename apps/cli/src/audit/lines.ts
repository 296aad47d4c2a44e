// What stands in files of the audit log, line by line as JSON: exports of this command, heads of the Sentinel's witness file,
// answers of audit_proof. Of each line it tells what nobody signed.
import { AppError, type sentinel } from '@labmesh/contracts';
import { z } from 'zod';
import { type ReadJson, readJson } from './exact-json.js';
import { LINE_BYTES_MAX, textLines, tooLong } from './text-lines.js';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Head = z.object({ size: z.number().int().min(0), checkpoint: z.string() });
/** Taken as it is, members of newer labs and all: the log is signed over every one of them. */
const Signed = z.looseObject({ id: z.string(), callId: z.string() });
const LINES = {
  record: z.object({ cursor: z.string(), record: Signed }),
  /** The witness file says when it was written, too. */
  head: Head.extend({ at: z.string().optional() }),
  begin: z.object({ export: z.literal('labmesh-audit-1'), verifierKey: z.string(), at: z.string() }),
  proof: z.object({
    record: Signed.extend({ cursor: z.string(), severity: z.string() }),
    leafHash: Hash,
    index: z.number().int(),
    proof: z.array(Hash),
    head: Head,
    verifierKey: z.string().optional(),
  }),
} as const;

type LineKind = keyof typeof LINES;
export type Stated<Kind extends LineKind> = z.infer<(typeof LINES)[Kind]>;
type Entry = z.output<typeof sentinel.tools.audit_log_stream.output>['records'][number];

export type Line = { readonly [Kind in LineKind]: { readonly kind: Kind; readonly value: Stated<Kind> } }[LineKind];

export interface ReadLine {
  readonly line: Line;
  /** Such as "line 3 of audit.jsonl". */
  readonly where: string;
  /** What in it looks signed and is not, when there is such a thing. */
  readonly oddity: string | undefined;
}

/** @throws AppError invalid_input or too_large that names the line which is none of these; not_found when the file cannot be read */
export async function* linesOf(path: string): AsyncGenerator<ReadLine> {
  try {
    /** One document over several lines, as people like to read it: a proof. */
    let begun = '';
    for await (const { text, number } of textLines(path)) {
      const where = `line ${number} of ${path}`;
      if (begun === '' && text.trim() !== '{') {
        if (text.trim() !== '') yield lineOf(text, where);
        continue;
      }
      begun += `${text}\n`;
      if (begun.length > LINE_BYTES_MAX) throw tooLong(`the document before ${where}`);
      if (text.trimEnd() !== '}') continue;
      yield lineOf(begun, `the document that ends in ${where}`);
      begun = '';
    }
    if (begun !== '') yield lineOf(begun, `the last document of ${path}`);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('not_found', `Cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function lineOf(text: string, where: string): ReadLine {
  const { value, exact } = jsonOf(text, where);
  for (const kind of Object.keys(LINES) as LineKind[]) {
    if (!LINES[kind].safeParse(value).success) continue;
    // The value itself, not what the schema made of it: what is hashed must be all that is written.
    const line = { kind, value } as Line;
    return { line, where, oddity: exact ? strangerIn(line) : INEXACT };
  }
  throw new AppError(
    'invalid_input',
    `Cannot read ${where}: it is neither a record, a signed head nor a proof of the audit log`,
  );
}

const INEXACT =
  'has a member twice, or a number as no lab writes it, so that two readers could see different things in it';

function jsonOf(text: string, where: string): ReadJson {
  try {
    return readJson(text);
  } catch (cause) {
    throw new AppError(
      'invalid_input',
      `Cannot read ${where}: it is not JSON. Was the file cut, or is it another one?`,
      { cause },
    );
  }
}

/** A member beside those that are signed or follow from what is signed: whoever reads the file might believe it. */
function strangerIn({ kind, value }: Line): string | undefined {
  const stranger =
    unknownMember(value, LINES[kind]) ?? (kind === 'proof' ? unknownMember(value.head, Head) : undefined);
  return stranger === undefined ? undefined : `has a member ${JSON.stringify(stranger)} that nobody signed`;
}

const unknownMember = (value: object, { shape }: z.ZodObject): string | undefined =>
  Object.keys(value).find((name) => !Object.hasOwn(shape, name));

export const beginLine = (verifierKey: string): string =>
  JSON.stringify({ export: 'labmesh-audit-1', verifierKey, at: new Date().toISOString() });
export const headLine = ({ size, checkpoint }: Stated<'head'>): string => JSON.stringify({ size, checkpoint });

/** The record alone is what the log is signed over: its place and its severity follow from it. */
export function recordLine(entry: Entry): string {
  const { cursor, severity: _severity, ...record } = entry;
  return JSON.stringify({ cursor, record });
}
