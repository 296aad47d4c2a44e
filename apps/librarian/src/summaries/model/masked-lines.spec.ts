// Secrets in lines of projects: taken out wherever they stand, with every line in its place.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isForSecrets, Masking } from './masked-lines.js';

const file = (path: string, text: string) => ({ path, bytes: Buffer.from(text), executable: false });
async function masked(path: string, text: string, ...more: Array<[path: string, text: string]>): Promise<string[]> {
  const masking = new Masking([file(path, text), ...more.map(([name, said]) => file(name, said))]);
  return masking.lines(path, text.split('\n'));
}

describe('lines', () => {
  it.each([
    ['a key by its form', 'a.py', `x = "ghp_${'a1B2'.repeat(9)}"`, 'a1B2a1B2'],
    ['a password by its name', 'a.ts', 'const password = "hunter2 and more";', 'hunter2'],
    ['a value in the next line', 'a.txt', 'Authorization: Bearer\n  abcdef0123456789abcdef', 'abcdef01'],
    ['a random value', 'conf.yml', 'api_key: q8Zr2LpX0vNtY6mKd1', 'q8Zr2LpX'],
    ['an address with a password', 'a.py', 'u = "https://ada:s3cr3tpw@host/x"', 's3cr3tpw'],
    ['what git ignores', 'local.py', `k = "AKIAQ3EGRT7PLMNX5WZK"`, 'AKIAQ3'],
    ['a key over lines', 'a.py', '-----BEGIN EC PRIVATE KEY-----\nMIIabcdef\n-----END EC PRIVATE KEY-----', 'MIIabc'],
    ['a key without an end', 'a.py', '-----BEGIN PRIVATE KEY-----\nMIIabcdef\nMIIghijkl', 'MIIghi'],
  ])('lose %s', async (_, path, text, secret) => {
    const lines = await masked(path, text, ['.gitignore', 'local.py\n']);
    expect(lines.join('\n')).not.toContain(secret);
    expect(lines).toHaveLength(text.split('\n').length);
  });

  it('lose what a file for secrets holds', async () => {
    const text = 'url = "postgres://db"\nname = "violet-harbour-77"';
    expect(await masked('a.py', text, ['deploy/prod.env', 'export NAME="violet-harbour-77"'])).toEqual([
      'url = "postgres://db"',
      'name = "[masked]"',
    ]);
  });

  it('keep their places, whatever they are', async () => {
    const piece = fc.constantFrom(
      ...[
        'password',
        '=',
        ': ',
        '"',
        "'",
        'token',
        '-----BEGIN PRIVATE KEY-----',
        '-----END PRIVATE KEY-----',
        'x',
        ' ',
      ],
      ...['Bearer', 'https://a:b', '@', '\\', 'eyJhbGciOi', '.', '{', 'secret is'],
    );
    const lines = fc.array(
      fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(lines, async (rows) => {
        expect(await masked('a.txt', rows.join('\n'))).toHaveLength(rows.length);
      }),
    );
  });
});

it('a text that quotes a secret is not said', async () => {
  const masking = new Masking([file('prod.env', 'NAME=violet-harbour-77')]);
  const key = { file: 'a.py', text: 'k = "AKIAQ3EGRT7PLMNX5WZK"' };
  expect(await masking.text('It reads k.', [key])).toBeUndefined();
  expect(await masking.text('It reads\n violet-harbour-77.', [{ file: 'a.py', text: 'k' }])).toBe('It reads [masked].');
});

it.each([
  ...['.env', '.env.staging', 'a/.env.local', 'prod.env', 'tls/server.pem', 'id_rsa', '.npmrc', 'config/secrets.yaml'],
  ...['gcp-service-account.json', '.aws/credentials', 'secrets/token.txt', 'credentials.json', 'main.tfvars'],
])('%s is for secrets', (path) => expect(isForSecrets(path)).toBe(true));

it.each([
  '.env.example',
  'src/environment.ts',
  'src/secrets.ts',
  'README.md',
  'docs/key.md',
  'secretary.py',
  '.envrc.md',
])('%s is not', (path) => expect(isForSecrets(path)).toBe(false));
