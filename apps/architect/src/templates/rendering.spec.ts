// Filling in: every value survives the kind of file that it is written into, and none breaks out of it.
import fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { checkInputs, compileInputs, refuseFaults, TemplateInputs } from './inputs-schema.js';
import { pythonName, renderFile } from './rendering.js';

const values = (site: string) => ({
  project: { id: 'prj_1', name: 'flare-study', python: 'flare_study' },
  wallet: { id: 'wal_1' },
  lab: { url: 'http://x', mcpUrl: 'http://x/mcp' },
  template: { name: 't', version: '1.0.0' },
  inputs: { site },
});
const rendered = (path: string, text: string, site: string): string =>
  Buffer.from(renderFile({ path, bytes: Buffer.from(text), executable: false }, values(site)).bytes).toString();

/** What an input may be: no control characters but line ends and tabs. */
const text = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((one) => !/[^\P{Cc}\n\t]|\p{Cs}/u.test(one));
const hostile = fc.oneof(
  text,
  fc.constantFrom('"', '\\', '", "x": "', '\x24{HOME}', '{{project.id}}', "'''", '"""', '\n', '#', '</script>'),
);

describe.each([
  ['a.json', '{"site": "{{inputs.site}}"}', (out: string) => (JSON.parse(out) as { site: string }).site],
  ['a.yaml', 'site: "{{inputs.site}}"\n', (out: string) => (parseYaml(out) as { site: string }).site],
  ['a.toml', 'site = "{{inputs.site}}"\n', (out: string) => (parseToml(out) as { site: string }).site],
  ['a.ts', '"{{inputs.site}}"', (out: string) => JSON.parse(out) as string],
])('in %s', (path, template, read) => {
  it('a value is read back as it was given (property)', () => {
    fc.assert(
      fc.property(hostile, (site) => {
        expect(read(rendered(path, template, site))).toBe(site);
      }),
      { numRuns: 300 },
    );
  });
});

describe('where a shell or Docker reads', () => {
  it.each(['run.sh', 'Dockerfile', '.env.example', 'Makefile'])('%s: only what neither acts on', (path) => {
    expect(rendered(path, 'SITE={{inputs.site}}', 'Teide 2.4/m')).toBe('SITE=Teide 2.4/m');
    for (const site of ['$(id)', '`id`', 'a\nb', 'a;b', 'a"b', "a'b", 'a\\b', 'a&b', '!x'])
      expect(() => rendered(path, 'SITE={{inputs.site}}', site)).toThrow(
        expect.objectContaining({ code: 'invalid_input' }),
      );
  });
});

it('names for Python', () => {
  expect(pythonName('flare-study')).toBe('flare_study');
  expect(pythonName('3-body')).toBe('p3_body');
});

it('markup and prose', () => {
  expect(rendered('a.html', '{{inputs.site}}', '<b>"x"')).not.toContain('<b>');
  expect(rendered('a.md', '{{inputs.site}}', '<b>')).toBe('<b>');
});

describe('inputs', async () => {
  const check = await compileInputs(
    TemplateInputs.parse({
      type: 'object',
      properties: {
        site: { type: 'string', pattern: '^[a-z]+$' },
        size: { type: 'integer', minimum: 1, default: 3 },
        key: { type: 'string', writeOnly: true, 'x-env': 'NASA_API_KEY', pattern: '^k-[0-9]+$' },
      },
      required: ['site', 'key'],
    }),
  );

  it('name all that is missing and all that is wrong, and never a secret', () => {
    const { faults } = checkInputs(check, { size: 0, key: 'my-secret', other: true });
    expect(faults).toEqual({
      missing: ['site'],
      wrong: ['key must match pattern "^k-[0-9]+$"', 'size must be >= 1', 'there is no input "other"'],
    });
    expect(() => refuseFaults('t', faults)).toThrow(/still needs site; key must match/);
    expect(() => refuseFaults('t', faults)).not.toThrow(/my-secret/);
  });

  it('get their defaults, and no control characters', () => {
    expect(checkInputs(check, { site: 'teide', key: 'k-1' })).toEqual({
      values: { site: 'teide', key: 'k-1', size: 3 },
      faults: { missing: [], wrong: [] },
    });
    expect(checkInputs(check, { site: 'a\u0007', key: 'k-1' }).faults.wrong).toContain(
      'site holds a control character',
    );
  });
});
