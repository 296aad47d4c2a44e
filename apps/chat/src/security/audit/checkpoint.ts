// A signed tree head, as the lab gives it: a checkpoint in a signed note (c2sp.org/tlog-checkpoint). Its signature is checked
// here where the browser knows Ed25519.
import { hexOf } from './audit-path.js';

export interface Checkpoint {
  readonly log: string;
  readonly size: number;
  /** Hash of the whole tree, hex. */
  readonly root: string;
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

export function readCheckpoint(note: string): Checkpoint | undefined {
  const [log, size, root] = note.split('\n');
  if (!log || !root || !/^\d+$/.test(size ?? '')) return undefined;
  try {
    return { log, size: Number(size), root: hexOf(bytesOf(root)) };
  } catch {
    return undefined;
  }
}

/** Length of the key's name in a signature, bytes; the algorithm's mark before a key, bytes. */
const KEY_HASH_BYTES = 4;
const ALGORITHM_BYTES = 1;

/** Whether the key signed the note; undefined where the browser cannot tell. */
export async function signedBy(note: string, verifierKey: string): Promise<boolean | undefined> {
  const split = note.indexOf('\n\n');
  const signature = /^— \S+ (\S+)$/m.exec(note.slice(split + 2))?.[1];
  const key = /^[^+]+\+[0-9a-f]+\+(\S+)$/.exec(verifierKey)?.[1];
  if (split === -1 || !signature || !key) return false;
  try {
    const raw = bytesOf(key).slice(ALGORITHM_BYTES);
    const imported = await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify']);
    const text = new TextEncoder().encode(note.slice(0, split + 1));
    return await crypto.subtle.verify('Ed25519', imported, bytesOf(signature).slice(KEY_HASH_BYTES), text);
  } catch {
    return undefined;
  }
}
