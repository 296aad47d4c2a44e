// The settings: what is accepted, and that a wrong secret is not repeated in the message.
import { describe, expect, it } from 'vitest';
import { readSentinelConfig } from './config.js';

describe('readSentinelConfig', () => {
  it('takes 32 bytes as base64url, and nothing at all', () => {
    const key = Buffer.alloc(32, 7);
    expect(readSentinelConfig({ LABMESH_MASTER_KEY: key.toString('base64url') }).masterKey).toEqual(key);
    expect(readSentinelConfig({})).toEqual({});
    expect(readSentinelConfig({ LABMESH_MASTER_KEY: '' })).toEqual({});
  });

  it('takes the next key beside the one in use, and not without it', () => {
    const [key, next] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)].map((each) => each.toString('base64url'));
    const both = { LABMESH_MASTER_KEY: key, LABMESH_MASTER_KEY_NEXT: next };
    expect(readSentinelConfig(both).masterKeyNext).toEqual(Buffer.alloc(32, 8));
    for (const env of [{ LABMESH_MASTER_KEY_NEXT: next }, { ...both, LABMESH_MASTER_KEY_NEXT: 'short' }])
      expect(() => readSentinelConfig(env)).toThrow(/LABMESH_MASTER_KEY_NEXT/);
  });

  it.each(['short', 'A'.repeat(44), `${'A'.repeat(42)}+`, `${'A'.repeat(42)}B`])(
    'refuses %s, without repeating it',
    (text) => {
      expect(() => readSentinelConfig({ LABMESH_MASTER_KEY: text })).toThrow(
        expect.objectContaining({ code: 'invalid_input', message: expect.not.stringContaining(text) as string }),
      );
    },
  );
});
