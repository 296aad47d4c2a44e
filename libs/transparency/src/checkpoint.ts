// Signed tree heads in the form other logs and witnesses read too: a checkpoint (c2sp.org/tlog-checkpoint) as a signed note
// (c2sp.org/signed-note) under Ed25519. A head that does not verify is never given back.
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { TreeHead } from './proofs.js';

const ED25519 = 1;
/** The fixed head of an Ed25519 public key in DER (RFC 8410); its 32 bytes follow. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
const NAME = /^[^\s+]{1,200}$/;
/** Of this log or of a witness: a dash, a name, a key's id with the signature. */
const SIGNATURE_LINE = /^— [^\s+]{1,200} [A-Za-z0-9+/]{8,}={0,2}$/;

/** A log's name and public key, as `name+id+key` in text. */
export interface VerifierKey {
  readonly name: string;
  readonly key: KeyObject;
}

const rawOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);

const keyIdOf = ({ name, key }: VerifierKey): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.of(ED25519))
    .update(rawOf(key))
    .digest()
    .subarray(0, KEY_ID_BYTES);

/** The verifier key as people pass it on. */
export const verifierKeyText = (verifier: VerifierKey): string =>
  `${verifier.name}+${keyIdOf(verifier).toString('hex')}+${Buffer.concat([Buffer.of(ED25519), rawOf(verifier.key)]).toString('base64')}`;

/** @throws RangeError that says what is wrong with the text */
export function parseVerifierKey(text: string): VerifierKey {
  const match = /^([^\s+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const [, name = '', id = '', encoded = ''] = match ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (match === null || bytes.length !== KEY_BYTES + 1 || bytes[0] !== ED25519)
    throw new RangeError('a log’s public key reads "name+8 hex digits+base64", and is an Ed25519 key');
  const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, bytes.subarray(1)]), format: 'der', type: 'spki' });
  if (keyIdOf({ name, key }).toString('hex') !== id)
    throw new RangeError(`the log’s public key is not whole: its id is not ${id}`);
  return { name, key };
}

/** Signs a tree head. The name is the log's, in the place of its origin and of its key's name. */
export function signCheckpoint(head: TreeHead, name: string, privateKey: KeyObject): string {
  if (!NAME.test(name)) throw new RangeError('the name of a log has no spaces and no "+"');
  const body = `${name}\n${head.size}\n${head.root.toString('base64')}\n`;
  const id = keyIdOf({ name, key: createPublicKey(privateKey) });
  const signature = Buffer.concat([id, sign(null, Buffer.from(body), privateKey)]);
  return `${body}\n— ${name} ${signature.toString('base64')}\n`;
}

/** The tree head that this log's key signed; undefined when the note is not a checkpoint, or its signature not this key's. */
export function openCheckpoint(note: string, verifier: VerifierKey): TreeHead | undefined {
  const end = note.indexOf('\n\n');
  const body = note.slice(0, end + 1);
  const [origin, size = '', root = ''] = body.split('\n');
  const bytes = Buffer.from(root, 'base64');
  const wellFormed =
    /^(0|[1-9]\d{0,15})$/.test(size) && Number.isSafeInteger(Number(size)) && bytes.length === KEY_BYTES;
  if (end < 0 || origin !== verifier.name || !wellFormed || bytes.toString('base64') !== root) return undefined;
  const lines = note.slice(end + 2).split('\n');
  // Words that nobody signed must not stand among what was signed, as if they were.
  const isNote = lines.pop() === '' && lines.every((line) => SIGNATURE_LINE.test(line));
  const signed = isNote && lines.some((line) => isSignature(line, body, verifier));
  return signed ? { size: Number(size), root: bytes } : undefined;
}

function isSignature(line: string, body: string, verifier: VerifierKey): boolean {
  const [dash, name, encoded = ''] = line.split(' ');
  if (dash !== '—' || name !== verifier.name) return false;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== KEY_ID_BYTES + SIGNATURE_BYTES) return false;
  if (!bytes.subarray(0, KEY_ID_BYTES).equals(keyIdOf(verifier))) return false;
  return verify(null, Buffer.from(body), verifier.key, bytes.subarray(KEY_ID_BYTES));
}
