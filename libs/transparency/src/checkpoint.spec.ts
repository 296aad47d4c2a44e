// A checkpoint opens under the key that signed it, to the very head that was signed; anything altered opens to nothing.
import { createHash, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, parseVerifierKey, signCheckpoint, verifierKeyText } from './checkpoint.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const verifier = { name: 'labmesh/test', key: publicKey };
const head = { size: 42, root: createHash('sha256').update('root').digest() };
const note = signCheckpoint(head, verifier.name, privateKey);

describe('checkpoints', () => {
  it('open to the head that was signed', () => {
    expect(openCheckpoint(note, verifier)).toEqual(head);
    expect(note.split('\n').slice(0, 3)).toEqual(['labmesh/test', '42', head.root.toString('base64')]);
  });

  it('open under a second signature of somebody else too', () => {
    const witness = generateKeyPairSync('ed25519').privateKey;
    const line = signCheckpoint(head, 'witness', witness).split('\n').at(-2);
    expect(openCheckpoint(`${note}${line}\n`, verifier)).toEqual(head);
  });

  it('open to nothing under another name or key', () => {
    expect(openCheckpoint(note, { ...verifier, name: 'labmesh/other' })).toBeUndefined();
    expect(openCheckpoint(note, { ...verifier, key: generateKeyPairSync('ed25519').publicKey })).toBeUndefined();
  });

  it('open to nothing, or the same, when a character is changed', () => {
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        const altered = note.slice(0, at) + character + note.slice(at + 1);
        const opened = openCheckpoint(altered, verifier);
        if (opened !== undefined) expect(opened).toEqual(head);
      }),
      { numRuns: 1_000 },
    );
  });

  it('open to nothing when they are no notes', () => {
    for (const text of [
      '',
      '\n\n',
      'labmesh/test\n42\n',
      `${note.slice(0, note.indexOf('\n\n'))}\n`,
      note.replace('42', '042'),
      `${note}checked by Ada\n`,
      `${note}\n`,
      note.trimEnd(),
    ])
      expect(openCheckpoint(text, verifier)).toBeUndefined();
  });
});

describe('verifier keys', () => {
  it('come back from their text', () => {
    const parsed = parseVerifierKey(`${verifierKeyText(verifier)}\n`);
    expect(parsed.name).toBe(verifier.name);
    expect(openCheckpoint(note, parsed)).toEqual(head);
  });

  it('are refused when they are not whole', () => {
    const text = verifierKeyText(verifier);
    expect(() => parseVerifierKey('labmesh')).toThrow('reads "name+8 hex digits+base64"');
    expect(() => parseVerifierKey(text.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toThrow('not whole');
  });
});
