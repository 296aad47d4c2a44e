// Signatures of reports: good under the key that made them, and under no key that nobody can hold.
import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { isSigned, type Statement } from './statement.js';
import { signer } from './validations.testing.js';

const statement = (measured: string, publicKey: string): Statement => ({
  validationId: 'val_1',
  datasetId: 'ds_1',
  version: 1,
  datasetSha256: 'a'.repeat(64),
  modelSha256: null,
  metric: 'accuracy',
  measured,
  rows: 1,
  publicKey,
});
const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

it('is good under its own key alone', () => {
  const { publicKey, sign } = signer();
  const { publicKey: _, ...about } = statement('1', publicKey);
  const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';
  expect(isSigned(statement('1', publicKey), sign(about))).toBe(true);
  expect(isSigned(statement('2', publicKey), sign(about))).toBe(false);
  expect(isSigned(statement('1', Buffer.from(other, 'base64url').toString('base64')), sign(about))).toBe(false);
});

it.each(['00'.repeat(32), `${'00'.repeat(31)}80`, `01${'00'.repeat(31)}`, `ec${'ff'.repeat(30)}7f`])(
  'that nobody made is good for no statement under the key %s',
  (key) => {
    // R is the key itself, or the point that changes nothing, and S is nothing: one of them holds for every fourth statement or more.
    const made = [key, `01${'00'.repeat(31)}`].map((point) => base64(`${point}${'00'.repeat(32)}`));
    const good = Array.from({ length: 64 }, (_, at) => statement(String(at), base64(key))).filter((one) =>
      made.some((signature) => isSigned(one, signature)),
    );
    expect(good).toEqual([]);
  },
);
