// Secrets by their form are gone from text, JSON stays JSON, and ordinary lines stay as they are.

import { growthOf } from '@labmesh/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecrets } from './redaction.js';
import { SECRET_FORMS } from './secret-forms.js';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const join = (...parts: string[]): string => parts.join('');
/** Put together here, so that no scanner takes this file for a leak. */
export const SECRETS: Readonly<Record<string, string>> = {
  'client key': `lmk_${'0123456789abcdefghijklmnopqrstuv012345'}`,
  'refresh token': `lmr_${'0123456789abcdefghijklmnopqrstuv012345'}`,
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
    ['aws_secret_access_key: wJalrXUtnFEMI/K7MDENG', 'wJalrXUtnFEMI'],
    ['AccountName=lab;AccountKey=wJalrXUtnFEMI/K7MDENG==;EndpointSuffix=x', 'wJalrXUtnFEMI'],
    ['https://lab.blob.core.windows.net/c?sv=1&sig=wJalrXUtnFEMI%2F', 'wJalrXUtnFEMI'],
    ['https://lab:hunter22@github.com/x.git and mongodb+srv://u:wo%40rd@h/db', 'wo%40rd'],
    ['http://plain/a;mysql://root:hunter22@db/x', 'hunter22'],
    ['amqps://u:a@b:hunter22@mq', 'hunter22'],
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

  it.each(SECRET_FORMS)(
    'masks every secret of the form of $of, in text, JSON, addresses and code',
    ({ begins, goesOn }) => {
      const body = new RegExp(`^(?:${begins.replaceAll(/\(\?=[^)]*\)/g, '')})${goesOn}$`);
      fc.assert(
        fc.property(fc.stringMatching(body), fc.nat({ max: 5 }), (secret, place) => {
          const texts = [
            secret,
            `key ${secret},`,
            JSON.stringify({ a: secret }),
            `x=${secret}&y=1`,
            `('${secret}')`,
            `\n${secret}\n`,
          ];
          expect(redactSecrets(texts[place] ?? '')).not.toContain(secret);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('takes time in proportion to a hostile line', () => {
    const units = [
      ...SECRET_FORMS.map(({ begins }) => begins.replaceAll(/\(\?[:=][^)]*\)|\\|\[\w+\]|\{[\d,]+\}|\|.*/g, '')),
      ...['eyJ', 'eyJ-', 'eyJaaaaaa.', '://a:', '://a:b@', '://', '@', 'a://b:c', 'x://u:p@ '],
      ...[
        '-----BEGIN PRIVATE KEY-----',
        '-----BEGIN ',
        'Bearer ',
        'Basic a',
        'password',
        '"token":"',
        'token=',
        '?code=',
        '\\"',
      ],
    ].filter((unit) => unit !== '');
    for (const unit of units) {
      const once = unit.repeat(Math.ceil(20_000 / unit.length));
      const long = once.repeat(16);
      const growth = growthOf({ small: () => redactSecrets(once), large: () => redactSecrets(long), enough: 64 });
      expect(growth, unit).toBeLessThan(64);
    }
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
  });
});
