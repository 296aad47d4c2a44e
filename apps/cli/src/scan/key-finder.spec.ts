// Keys are found wherever they stand and however the bytes are cut, and what only looks like one is not.
import { createHash } from 'node:crypto';
import { keyChecksum } from '@labmesh/contracts';
import { growthOf } from '@labmesh/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyFinder, type Leak } from './key-finder.js';

const key = (prefix: 'lmk_' | 'lmr_', secret: string): string => `${prefix}${secret}${keyChecksum(prefix, secret)}`;
const secret = fc.stringMatching(/^[0-9a-v]{32}$/);
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const JTI = 'cred_01990000-0000-7000-8000-000000000001';
const accessToken = (claims: object = { jti: JTI, exp: 1_800_000_000 }): string =>
  `${part({ alg: 'ES256', typ: 'at+jwt', kid: 'k'.repeat(43) })}.${part({ iss: 'http://lab', ...claims })}.${'s'.repeat(86)}`;

function findAll(text: string | Buffer, cut = Number.MAX_SAFE_INTEGER): Leak[] {
  const bytes = Buffer.from(text as string);
  const finder = new KeyFinder();
  const leaks: Leak[] = [];
  for (let at = 0; at < bytes.length; at += cut) leaks.push(...finder.push(bytes.subarray(at, at + cut)));
  return [...leaks, ...finder.end()];
}

describe('KeyFinder', () => {
  it('finds every key at its line and column, however the text is cut', () => {
    const other = fc.stringMatching(/^[ -~\n]{0,60}$/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(other, secret), { maxLength: 6 }),
        fc.integer({ min: 1, max: 9_000 }),
        (parts, cut) => {
          const text = parts.map(([before, bits]) => `${before} ${key('lmk_', bits)}`).join('\n');
          const lines = text.split('\n');
          const leaks = findAll(text, cut);
          expect(leaks.map(({ line, column }) => (lines[line - 1] ?? '').slice(column - 1, column + 41))).toEqual(
            parts.map(([, bits]) => key('lmk_', bits)),
          );
          expect(leaks).toEqual(findAll(text));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds what lies across pieces, far into a long file', () => {
    const found = key('lmr_', '0'.repeat(32));
    const text = `${'x'.repeat(99)}\n`.repeat(3_000);
    for (let from = 0; from < 60; from += 7)
      expect(findAll(`${text}${' '.repeat(from)}${found}${text}`, 65_536)).toMatchObject([
        {
          kind: 'refresh_token',
          line: 3_001,
          column: from + 1,
          hash: createHash('sha256').update(found).digest('hex'),
        },
      ]);
  });

  it('finds keys in JSON, addresses and code, and one after another', () => {
    const one = key('lmk_', 'a'.repeat(32));
    for (const text of [
      JSON.stringify({ k: [one] }),
      `?key=${one}&x`,
      `const k='${one}'`,
      `lmk_${one}`,
      `${one}0`,
      `é${one}`,
    ])
      expect(findAll(text), text).toHaveLength(1);
    expect(findAll(`${one}${one}`)).toHaveLength(2);
  });

  it('tells an access token by what it says', () => {
    expect(findAll(`curl -H "Authorization: Bearer ${accessToken()}"`)).toMatchObject([
      { kind: 'access_token', tokenId: JTI, expiresAt: '2027-01-15T08:00:00.000Z' },
    ]);
    for (const claims of [{ jti: 'x', exp: 1 }, { jti: JTI }, { jti: JTI, exp: 1e20 }])
      expect(findAll(accessToken(claims))).toEqual([]);
  });

  it('passes over what has no good checksum', () => {
    const one = key('lmk_', 'a'.repeat(32));
    const wrong = `${one.slice(0, -1)}${one.endsWith('0') ? '1' : '0'}`;
    for (const text of [wrong, one.toUpperCase(), one.slice(0, -1), `lmx_${one.slice(4)}`])
      expect(findAll(text)).toEqual([]);
  });

  it('shows nothing of a key that would help to guess it', () => {
    fc.assert(
      fc.property(secret, (bits) => {
        const [leak] = findAll(key('lmk_', bits));
        expect(leak?.masked).toMatch(/^lmk_[0-9a-v]{4}…[0-9a-v]{2}$/);
      }),
    );
  });

  it('takes time in proportion to hostile input', () => {
    const hostile = [
      'lmk_',
      'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6',
      `${accessToken({}).slice(0, -1)}.`,
      'a',
    ];
    for (const unit of hostile) {
      const once = unit.repeat(Math.ceil(400_000 / unit.length));
      const long = once.repeat(8);
      const growth = growthOf({
        small: () => findAll(once, 65_536),
        large: () => findAll(long, 65_536),
        enough: 24,
      });
      expect(growth, unit.slice(0, 20)).toBeLessThan(24);
    }
  });
});
