// What a reporter signs, and whether a signature is good. Whose key it is, the lab does not say: only that its holder signed this.
import { createPublicKey, verify } from 'node:crypto';
import { canonicalJson } from '@labmesh/transparency';

/** Of a report and what it is about. The claimed value is not in it: who measures does not know it. */
export interface Statement {
  readonly validationId: string;
  readonly datasetId: string;
  readonly version: number;
  readonly datasetSha256: string;
  readonly modelSha256: string | null;
  readonly metric: string;
  readonly measured: string;
  readonly rows: number;
  readonly publicKey: string;
}

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/**
 * Points whose multiples are few: a signature of nobody's holds under them for one statement in eight or more. By their bytes in hex,
 * without the sign, those that are written with a number beyond the field's among them (RFC 8032, 5.1.3 and 5.1.7).
 */
const FEW_MULTIPLES: ReadonlySet<string> = new Set([
  '00'.repeat(KEY_BYTES),
  `01${'00'.repeat(KEY_BYTES - 1)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  ...['ec', 'ed', 'ee'].map((first) => `${first}${'ff'.repeat(KEY_BYTES - 2)}7f`),
]);

/** Whether somebody may hold a secret that belongs to it. */
function isKey(key: Buffer): boolean {
  const unsigned = Buffer.from(key);
  unsigned[KEY_BYTES - 1] = (unsigned[KEY_BYTES - 1] ?? 0) & 0x7f;
  return !FEW_MULTIPLES.has(unsigned.toString('hex'));
}

/** The bytes that are signed: canonical JSON (RFC 8785) of these members and no others, as UTF-8. */
const signedBytes = ({ validationId, datasetId, version, ...more }: Statement): Buffer => {
  const { datasetSha256, modelSha256, metric, measured, rows, publicKey } = more;
  const result = { datasetSha256, modelSha256, metric, measured, rows, publicKey };
  return Buffer.from(canonicalJson({ validationId, datasetId, version, ...result }));
};

/** By Ed25519; false for what is no key and no signature too. */
export function isSigned(statement: Statement, signature: string): boolean {
  const [key, proof] = [bytesOf(statement.publicKey, KEY_BYTES), bytesOf(signature, SIGNATURE_BYTES)];
  if (key === undefined || proof === undefined || !isKey(key)) return false;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };
  return verify(null, signedBytes(statement), createPublicKey({ key: jwk, format: 'jwk' }), proof);
}

/** Written in the one way that base64 has for these bytes: a key is told from another by its text. */
function bytesOf(base64: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === length && bytes.toString('base64') === base64 ? bytes : undefined;
}
