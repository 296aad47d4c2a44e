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

/** The bytes that are signed: canonical JSON (RFC 8785) of these members and no others, as UTF-8. */
const signedBytes = ({ validationId, datasetId, version, ...more }: Statement): Buffer => {
  const { datasetSha256, modelSha256, metric, measured, rows, publicKey } = more;
  const result = { datasetSha256, modelSha256, metric, measured, rows, publicKey };
  return Buffer.from(canonicalJson({ validationId, datasetId, version, ...result }));
};

/** By Ed25519; false for what is no key and no signature too. */
export function isSigned(statement: Statement, signature: string): boolean {
  const [key, proof] = [bytesOf(statement.publicKey, KEY_BYTES), bytesOf(signature, SIGNATURE_BYTES)];
  if (key === undefined || proof === undefined) return false;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };
  return verify(null, signedBytes(statement), createPublicKey({ key: jwk, format: 'jwk' }), proof);
}

/** Written in the one way that base64 has for these bytes: a key is told from another by its text. */
function bytesOf(base64: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === length && bytes.toString('base64') === base64 ? bytes : undefined;
}
