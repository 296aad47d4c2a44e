// Secrets by their form are gone from text, JSON stays JSON, and ordinary lines stay as they are.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecrets } from './redaction.js';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const join = (...parts: string[]): string => parts.join('');
/** Put together here, so that no scanner takes this file for a leak. */
export const SECRETS: Readonly<Record<string, string>> = {
  'client key': `lmk_${'0123456789abcdefghijklmnopqrstuv012345'}`,
  JWT: `${part({ alg: 'ES256', typ: 'at+jwt' })}.${part({ sub: 'wal_1' })}.${'s'.repeat(86)}`,
  'cut JWT': `${part({ alg: 'ES256', typ: 'at+jwt' })}.${part({ sub: 'wal_1' })}`,
  AWS: join('AK', 'IA', 'IOSFODNN7EXAMPLE'),
  GitHub: join('gh', 'p_', 'a1B2'.repeat(9)),
  GitLab: join('gl', 'pat-', 'a1B2'.repeat(5)),
  Slack: join('xo', 'xb-', '1234567890-abcdef'),
  'a model vendor': join('s', 'k-', 'proj-a1B2c3D4e5F6g7H8'),
  Google: join('AI', 'za', 'a1B2'.repeat(9)),
};

describe('redactSecrets', () => {
  it.each(Object.entries(SECRETS))('masks a %s wherever it stands', (_what, secret) => {
    for (const text of [
      secret,
      `before ${secret} after`,
      JSON.stringify({ a: [secret] }),
      `x=${secret}&y`,
      `'${secret}'`,
    ])
      expect(redactSecrets(text)).not.toContain(secret);
  });

  it.each([
    ['Authorization: Bearer abcdefghijkl', 'abcdefghijkl'],
    ['authorization: Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA'],
    ['postgresql://lab:hunter22@db:5432/lab', 'hunter22'],
    ['postgresql://lab:p@ss/wo?rd@db:5432/lab', 'wo?rd'],
    ['redis://:hunter22@cache:6379', 'hunter22'],
    ['nats://lonelytoken@mesh:4222', 'lonelytoken'],
    ['DATABASE_PASSWORD=hunter22 next', 'hunter22'],
    ['GET /x?access_token=hunter22&y=1', 'hunter22'],
    ['http://127.0.0.1:3000/#code=hunter22', 'hunter22'],
    [JSON.stringify({ password: 'hunter 22 "quoted"' }), 'hunter 22'],
    [JSON.stringify({ msg: JSON.stringify({ apiKey: 'hunter22' }) }), 'hunter22'],
    ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'wJalrXUtnFEMI'],
  ])('masks the secret in %s', (text, secret) => {
    expect(redactSecrets(text)).not.toContain(secret);
  });

  it('masks a private key, also within JSON and when it is cut', () => {
    const pem = `-----BEGIN ${'EC PRIVATE'} KEY-----\nMHcCAQEEIIabc+/=\n-----END ${'EC PRIVATE'} KEY-----`;
    for (const text of [pem, JSON.stringify({ err: pem, a: 1 }), JSON.stringify({ err: pem.slice(0, 45), a: 1 })]) {
      expect(redactSecrets(text)).not.toContain('MHcCAQ');
      if (text.startsWith('{')) expect(JSON.parse(redactSecrets(text))).toMatchObject({ a: 1 });
    }
  });

  it('leaves ordinary lines alone', () => {
    for (const text of [
      '{"level":30,"callId":"01920000-0000-7000-8000-000000000001","tool":"curator_fetch_dataset","msg":"tool run"}',
      'http://127.0.0.1:3000/mcp answered 200',
      'postgresql://postgres@127.0.0.1:5432/postgres',
      'Cannot make a token: there is no wallet wal_1.',
      'A token is required: send it',
    ])
      expect(redactSecrets(text)).toBe(text);
  });

  it('never breaks a JSON line', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        ...Object.values(SECRETS),
        'password=',
        'Bearer ',
        '://a:b@c',
        '"token": "',
        '-----BEGIN PRIVATE KEY-----',
        '\\',
        '"',
        'code=',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.array(piece, { maxLength: 4 }), (one, two) => {
        const line = JSON.stringify({
          msg: one.join(''),
          token: two.join(''),
          inner: JSON.stringify({ password: one }),
        });
        JSON.parse(redactSecrets(line));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes long hostile lines in its stride', () => {
    for (const unit of [
      '://a:',
      'Bearer ',
      'eyJ',
      'password',
      'lmk_',
      '-----BEGIN PRIVATE KEY-----',
      '"token":"',
      'token=',
    ])
      expect(redactSecrets(unit.repeat(20_000)).length).toBeGreaterThan(0);
  }, 20_000);
});
