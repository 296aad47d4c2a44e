// What somebody measured, as it is typed: what is wrong with it, and the call that it means.
import type { curator, ToolInput } from '@labmesh/contracts';
import { isDecimal, isHash, wholeIn } from './claim.js';

type Reported = Partial<ToolInput<typeof curator.tools.report_validation>>;

export interface Measurement {
  readonly measured: string;
  readonly rows: string;
  readonly sha256: string;
  readonly evidence: string;
  readonly publicKey: string;
  readonly signature: string;
}

export const NOTHING: Measurement = { measured: '', rows: '', sha256: '', evidence: '', publicKey: '', signature: '' };

export type Problems = Readonly<Partial<Record<keyof Measurement, string>>>;

const isBase64 = (text: string, characters: number): boolean =>
  text.length === characters && /^[A-Za-z0-9+/]+={0,2}$/.test(text);

/** What the lab would refuse, by field. */
export function problemsOf(typed: Measurement): Problems {
  const { measured, rows, sha256, publicKey, signature } = trimmed(typed);
  const signed = publicKey !== '' || signature !== '';
  return {
    ...(isDecimal(measured) ? {} : { measured: 'A number in decimals, such as 0.6122.' }),
    ...(wholeIn(rows, 0, Number.MAX_SAFE_INTEGER) === undefined ? { rows: 'A whole number.' } : {}),
    ...(isHash(sha256) ? {} : { sha256: '64 digits of 0–9 and a–f.' }),
    ...(signed && !isBase64(publicKey, 44) ? { publicKey: '32 bytes as base64; a signature needs it.' } : {}),
    ...(signed && !isBase64(signature, 88) ? { signature: '64 bytes as base64; a key needs it.' } : {}),
  };
}

/** Of one without problems. */
export function reportOf(validationId: string, typed: Measurement): Reported {
  const { measured, rows, sha256, evidence, publicKey, signature } = trimmed(typed);
  return {
    ...{ validationId, measured, rows: Number(rows), datasetSha256: sha256, evidence },
    ...(publicKey === '' ? {} : { publicKey, signature }),
  };
}

const trimmed = (typed: Measurement): Measurement =>
  Object.fromEntries(
    Object.entries(typed).map(([field, text]: [string, string]) => [field, text.trim()]),
  ) as unknown as Measurement;
