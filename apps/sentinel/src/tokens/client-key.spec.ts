// The form of client keys: what scanners find, and that no small mistake passes the checksum.
import { KEY_PATTERN } from '@labmesh/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf, isClientKey, newClientKey } from './client-key.js';

const CLIENT_KEY_PATTERN = new RegExp(`^${KEY_PATTERN}$`);
const ALPHABET = '0123456789abcdefghijklmnopqrstuv';
const secret = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes));

describe('client keys', () => {
  it('have one form, whatever the random bits', () => {
    fc.assert(
      fc.property(secret, (bits) => {
        const key = newClientKey(bits);
        expect(key).toMatch(CLIENT_KEY_PATTERN);
        expect(key).toHaveLength(42);
        expect(isClientKey(key)).toBe(true);
      }),
    );
    expect(newClientKey(Buffer.alloc(20))).toMatch(/^lmk_0{32}/);
    expect(newClientKey(Buffer.alloc(20, 255))).toMatch(/^lmk_v{32}/);
  });

  it('carry all 160 bits: other bits make another key', () => {
    fc.assert(
      fc.property(secret, secret, (a, b) => {
        expect(newClientKey(a) === newClientKey(b)).toBe(a.equals(b));
      }),
    );
    expect(newClientKey()).not.toBe(newClientKey());
  });

  it('with any one character changed are refused', () => {
    const key = newClientKey();
    for (let at = 4; at < key.length; at += 1) {
      for (const character of ALPHABET) {
        const typed = key.slice(0, at) + character + key.slice(at + 1);
        expect(isClientKey(typed), typed).toBe(typed === key);
      }
    }
  });

  it('with two neighbours swapped are refused', () => {
    fc.assert(
      fc.property(secret, fc.integer({ min: 4, max: 40 }), (bits, at) => {
        const key = newClientKey(bits);
        const swapped = key.slice(0, at) + (key[at + 1] ?? '') + (key[at] ?? '') + key.slice(at + 2);
        fc.pre(swapped !== key);
        expect(isClientKey(swapped)).toBe(false);
      }),
    );
  });

  it('are not found in other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^lmk_[0-9a-v]{0,60}$/)), (text) => {
        expect(isClientKey(text)).toBe(false);
      }),
    );
    const key = newClientKey();
    for (const text of [key.toUpperCase(), `${key}\n`, ` ${key}`, key.slice(0, -1), `${key}0`])
      expect(isClientKey(text)).toBe(false);
  });

  it('are stored as SHA-256', () => {
    expect(hashOf('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
