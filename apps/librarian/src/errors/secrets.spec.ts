// No secret is in what is left of a line, whatever it is named and however it is written; what a log says of one stays.
import { growthOf } from '@labmesh/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf } from './excerpt.js';
import { Fingerprints } from './fingerprints.js';

const templateOf = (line: string): string => new Fingerprints().add(line).template;
/** As an analysis does. */
const readOf = (text: string): string =>
  excerptOf(text)
    .events.map((event) => templateOf(event.text))
    .join('\n');

describe('a template', () => {
  it.each([
    ["ERROR passwd 'hunter2 x'", "ERROR passwd '<*>'"],
    ["passwd 'hunter x, cut off", "passwd '<*>"],
    ["password: 'it's me' is wrong", "password: '<*>' is wrong"],
    ['password "a\\"b c" is wrong', 'password "<*>" is wrong'],
    ['{"user":"ann","password":"hunter x","n":true}', '{"user":"ann","password":"<*>","n":true}'],
    ['said="password=\\"hunter x\\" bad"', 'said="password=\\"<*>\\" bad"'],
    ["Login { 'api_key': 'ab cd', user: 'ann' }", "Login { 'api_key': '<*>', user: 'ann' }"],
    ["password=b'hunter x' of ann", "password=b'<*>' of ann"],
    ['secret: Some("hunter x")', 'secret: Some("<*>")'],
    ['secret: abc', 'secret: <*>'],
    ['the API key is abcdef', 'the API key is <*>'],
    ['password is hunter2secret', 'password is <*>'],
    ['passphrase was set to correct-horse', 'passphrase was set to <*>'],
    ['password hunter2 was refused', 'password <*> was refused'],
    ['password (hunter2) was refused', 'password (<*>) was refused'],
    ['run --db-password swordfish --user ann', 'run --db-password <*> --user ann'],
    ['DB_PASSWORD = hunter,2;x y', 'DB_PASSWORD = <*> y'],
    ['Authorization: Bearer abcdef', 'Authorization: Bearer <*>'],
    ['postgres://u:p4ss@db/x failed', '<*> failed'],
    ["amqp+ssl://u:p(s)s]w'o<r>d@db/x failed", '<*> failed'],
    ['https://u:hunter22@host.example/x?token=abcd&n=1 failed', '<*> failed'],
    ['ann:hunter2@db was refused', '<*> was refused'],
  ])('of %s', (line, template) => {
    expect(templateOf(line)).toBe(template);
    // As it is when it was stored.
    expect(templateOf(template)).toBe(template);
  });

  it.each([
    'Failed password for root was logged',
    'password is expired',
    'the token is invalid.',
    'password authentication failed for user "ann"',
    'cannot read the secret: permission denied',
    'my::token::Parser gave up',
  ])('keeps what is said of a secret: %s', (line) => {
    expect(templateOf(line)).toBe(line);
  });

  it('keeps the token that a parser did not expect', () => {
    expect(templateOf("SyntaxError: Unexpected token 'export'")).toBe("SyntaxError: Unexpected token 'export'");
  });

  it('never has the mark of a line before it taken apart', () => {
    const fingerprints = new Fingerprints();
    const lines = ['login refused password=hunter22', 'login refused password=xx', 'login refused password=hunter2'];
    const templates = lines.map((line) => fingerprints.add(excerptOf(line).events[0]?.text ?? '').template);
    expect(new Set(templates)).toEqual(new Set(['login refused password=<*>']));
  });

  it.each([
    ['postgres://u:p4ss@db/x failed', '<*> failed'],
    ['https://u:hunter22@host.example/x?token=abcd failed', '<*> failed'],
    ['nats://abcdef@host:4222 failed', '<*> failed'],
    ["secret='hunter x' failed", 'secret=<*> failed'],
    ["passwd 'hunter2 x' failed", "passwd '<*>' failed"],
  ])('is whole where the well-known forms were taken out before: %s', (line, template) => {
    expect(readOf(line)).toBe(template);
  });

  it('has no key of several lines, and all of a trace', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIabc\nMIIdef\n-----END PRIVATE KEY-----';
    for (const text of [`private_key="${key}"`, `the private key is ${key}`, `secret: ${key}`])
      expect(readOf(text)).not.toContain('MII');
    expect(templateOf('secret: -----BEGIN RSA PRIVATE KEY-----MIIabc MIIdef')).toBe('secret: <*>');
    const { traces } = excerptOf(
      'TypeError: no token\n    at getToken (/srv/auth2.js:10:3)\n    at run (/srv/a.js:1:1)',
    );
    expect(traces[0]?.chain[0]?.frames[0]).toMatchObject({ file: '/srv/auth2.js', line: 10, function: 'getToken' });
  });

  it('has no secret of any letters', () => {
    const secret = fc.stringMatching(/^[a-z0-9!#$%^*+?~.-]{4,20}zq7$/);
    const written = fc.constantFrom<(value: string) => string>(
      (value) => `password=${value} x`,
      (value) => `token: ${value}`,
      (value) => `the passwd was '${value} ${value}'`,
      (value) => `{"secret": "${value} ${value}"}`,
      (value) => `password ${value}`,
      (value) => `secret='${value} ${value}'`,
      (value) => `mongodb+srv://ann:${value}@db:1/x?y`,
    );
    fc.assert(
      fc.property(secret, written, fc.boolean(), (value, write, redacted) => {
        const line = write(value);
        expect(redacted ? readOf(line) : templateOf(line)).not.toContain('zq');
      }),
    );
  });
});

it.each([
  ['names', 'password '],
  ['open quotations', "password 'x "],
  ['quotations', 'token "a" '],
  ['addresses', 'a://b:c@'],
  ['half an address', 'a:b.'],
  ['options', '--secret-'],
  ['blanks', 'secret    :        '],
])('takes no longer than a line is long: %s', (_, unit) => {
  const lineOf = (length: number): string => unit.repeat(length / unit.length);
  const [short, long] = [lineOf(500), lineOf(4_000)];
  const read = (line: string) => () => {
    for (let turn = 0; turn < 50; turn += 1) templateOf(line);
  };
  expect(growthOf({ small: read(short), large: read(long), enough: 24 })).toBeLessThan(24);
});
