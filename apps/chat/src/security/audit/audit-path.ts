// A proof that a record is in the log, checked in the browser: from the leaf's hash up to the root that the lab signed
// (RFC 9162, 2.1.3.2). Asks the lab nothing.

export interface PathStep {
  /** The hash that stands beside the path here, hex. */
  readonly sibling: string;
  readonly side: 'left' | 'right';
  /** Hash of both, hex. */
  readonly parent: string;
}

/** True where the browser offers hashes: on https and on this machine. */
export const canHash = (): boolean => typeof crypto !== 'undefined' && crypto.subtle !== undefined;

/** SHA-256, hex. */
const HASH = /^[0-9a-f]{64}$/;

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
export const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function sha256(...parts: readonly Uint8Array[]): Promise<string> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', whole)));
}

/** Sides of a path's siblings, leaf first. Undefined when the proof has not the length that the place asks for. */
export function sidesOf(index: number, size: number, length: number): ('left' | 'right')[] | undefined {
  const sides: ('left' | 'right')[] = [];
  let [node, last] = [index, size - 1];
  while (last > 0) {
    if (node % 2 === 1) sides.push('left');
    // A node without one beside it rises as it is.
    else if (node < last) sides.push('right');
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return index < size && sides.length === length ? sides : undefined;
}

/** The way from a leaf to the root. Undefined when the proof does not fit the place. */
export async function pathOf(proven: {
  readonly leafHash: string;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly string[];
}): Promise<readonly PathStep[] | undefined> {
  const sides = sidesOf(proven.index, proven.size, proven.proof.length);
  if (!sides || ![proven.leafHash, ...proven.proof].every((hash) => HASH.test(hash))) return undefined;
  const steps: PathStep[] = [];
  let hash = proven.leafHash;
  for (const [level, side] of sides.entries()) {
    const sibling = proven.proof[level] ?? '';
    const [left, right] = side === 'left' ? [sibling, hash] : [hash, sibling];
    hash = await sha256(Uint8Array.of(1), bytesOf(left), bytesOf(right));
    steps.push({ sibling, side, parent: hash });
  }
  return steps;
}

/** JSON of a record as it is hashed: members in order, no blanks (RFC 8785, for what records hold). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

/** Hash of a record as a leaf of the log. `cursor` and `severity` are not part of it. */
export function leafHashOf(record: Readonly<Record<string, unknown>>): Promise<string> {
  const { cursor: _cursor, severity: _severity, ...kept } = record;
  return sha256(Uint8Array.of(0), new TextEncoder().encode(canonicalJson(kept)));
}
