// The checksum is the well-known one, and an access token's beginning is what the Sentinel writes.
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ACCESS_TOKEN_PREFIX, keyChecksum } from './key-form.js';

it('has the checksum that zlib has', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-v]{32}$/), (secret) => {
      const expected = (crc32(`lmk_${secret}`) >>> 2).toString(32).padStart(6, '0');
      expect(keyChecksum('lmk_', secret)).toBe(expected);
    }),
  );
});

it('knows how an access token begins', () => {
  const header = JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'k' });
  expect(Buffer.from(header).toString('base64url').startsWith(ACCESS_TOKEN_PREFIX)).toBe(true);
});
