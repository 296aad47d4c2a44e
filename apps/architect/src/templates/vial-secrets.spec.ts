// Fifty projects of each vial, made of chance inputs: a scan for secrets finds nothing in any, and what was given as a secret is in none.
// The patterns are gitleaks' rules of these names (github.com/gitleaks/gitleaks, config/gitleaks.toml), and the lab's own keys.
import { fileURLToPath } from 'node:url';
import { KEY_PATTERN } from '@labmesh/contracts';
import { type ProjectFile, textOf } from '@labmesh/projects';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInputs, type InputProperty, type InputValue } from './inputs-schema.js';
import { projectFiles } from './project-files.js';
import { readTemplates } from './reading.js';
import { type Template, templateSecrets } from './template.js';

const PROJECTS = 50;
const GENERIC_BITS = 3.5;

const RULES: Readonly<Record<string, RegExp>> = {
  'labmesh-key': new RegExp(KEY_PATTERN, 'g'),
  'aws-access-token': /\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g,
  'github-pat': /gh[pousr]_[0-9a-zA-Z]{36}|github_pat_\w{82}/g,
  'gitlab-pat': /glpat-[\w-]{20}/g,
  'slack-bot-token': /xox[abeoprs]-[0-9a-zA-Z-]{20,}/g,
  'gcp-api-key': /\bAIza[\w-]{35}\b/g,
  'npm-access-token': /\bnpm_[a-z0-9]{36}\b/gi,
  'pypi-upload-token': /pypi-AgEIcHlwaS5vcmc[\w-]{50,}/g,
  'huggingface-access-token': /\bhf_[a-zA-Z]{34}\b/g,
  'openai-api-key': /\bsk-(?:proj-|svcacct-|admin-|ant-)?[\w-]{20,}T3BlbkFJ[\w-]{20,}\b/g,
  'stripe-access-token': /\b(?:sk|rk)_(?:test|live|prod)_[a-zA-Z0-9]{10,99}\b/g,
  jwt: /\bey[a-zA-Z0-9]{17,}\.ey[a-zA-Z0-9/\\_-]{17,}\.(?:[a-zA-Z0-9/\\_-]{10,}={0,2})?/g,
  'private-key': /-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----/g,
  'curl-auth-user': /\bcurl\b[^\n]*(?:-u|--user)[ =]+["']?[^:"'\s]{3,}:[^:"'\s]{3,}/g,
  'generic-api-key':
    /[\w.-]{0,50}?(?:access|auth|api|credential|creds|key|passw(?:or)?d|secret|token)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[`'"\s=]{0,5}([\w.=-]{10,150})(?:[`'"\s;]|$)/gi,
};

/** Shannon's, in bits for each character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/** Words around a generic match that gitleaks allows, as the rule has them. */
const ALLOWED = /public[_.-]?(?:key|token)|(?:key|token)[_.-]?file/i;
const counts = (whole: string, found = ''): boolean =>
  /\d/.test(found) && entropyOf(found) >= GENERIC_BITS && !ALLOWED.test(whole);

/** As gitleaks does: a generic match counts when it has a digit and looks like chance. */
function leaksIn(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path, bytes }) => {
    const text = textOf(bytes) ?? Buffer.from(bytes).toString('latin1');
    return Object.entries(RULES).flatMap(([rule, pattern]) =>
      [...text.matchAll(pattern)]

        .filter(([whole, found]) => rule !== 'generic-api-key' || counts(whole, found))
        .map(([whole]) => `${path}: ${rule}: ${whole.slice(0, 80)}`),
    );
  });
}

const printable = fc.string({ unit: fc.constantFrom(...'abcXYZ019 -_./:'), minLength: 1, maxLength: 40 });

function anyOf(property: InputProperty): fc.Arbitrary<InputValue> {
  if (property.type === 'boolean') return fc.boolean();
  if (property.enum !== undefined) return fc.constantFrom<InputValue>(...property.enum);
  if (property.type !== 'string')
    return fc.integer({ min: Math.ceil(property.minimum ?? 0), max: Math.floor(property.maximum ?? 1_000) });
  if (property.pattern !== undefined)
    return fc.stringMatching(new RegExp(property.pattern), { maxLength: property.maxLength ?? 100 });
  return printable.map((text) => text.slice(0, property.maxLength ?? 40));
}

const inputsOf = ({ form }: Template): fc.Arbitrary<Readonly<Record<string, InputValue>>> =>
  fc.record(
    Object.fromEntries(Object.entries(form.inputs.properties).map(([name, property]) => [name, anyOf(property)])),
  );

it('the scan finds what there is to find', () => {
  const leak = (text: string): ProjectFile => ({ path: 'x', bytes: Buffer.from(text), executable: false });
  const key = ['AK', 'IA', 'Q3EGQ5LJ7ZT2MWPA'].join('');
  expect(leaksIn([leak(`aws = "${key}"`)]).join()).toContain('aws-access-token');
  expect(leaksIn([leak(`API_TOKEN=${'9f8e7d6c5b4a39281706f5e4d3c2b1a0'}`)]).join()).toContain('generic-api-key');
  expect(leaksIn([leak(['-----BEGIN RSA PRIVATE', 'KEY-----'].join(' '))]).join()).toContain('private-key');
  expect(leaksIn([leak('LABMESH_TOKEN_FILE=\n')])).toEqual([]);
});

describe.each(await readTemplates(fileURLToPath(new URL('../../vials', import.meta.url))))('$name', (vial) => {
  it(`holds no secret in ${PROJECTS} projects of chance inputs`, () => {
    const secrets = templateSecrets(vial);
    let made = 0;
    for (const [at, given] of fc.sample(inputsOf(vial), PROJECTS * 4).entries()) {
      const { values, faults } = checkInputs(vial.checkInputs, given);
      if (faults.missing.length + faults.wrong.length > 0) continue;
      const number = String(at).padStart(12, '0');
      const plain = Object.fromEntries(Object.entries(values).filter(([name]) => !secrets.has(name)));
      const files = projectFiles(vial, {
        projectId: `prj_01940000-0000-7000-8000-${number}`,
        name: `study-${at}`,
        owner: `wal_01940000-0000-7000-8000-${number}`,
        labUrl: 'https://lab.example.org',
        inputs: plain,
      });
      expect(leaksIn(files)).toEqual([]);
      for (const name of secrets.keys())
        for (const file of files)
          expect(Buffer.from(file.bytes).toString('latin1')).not.toContain(String(values[name]));
      made += 1;
      if (made === PROJECTS) break;
    }
    expect(made).toBe(PROJECTS);
  });
});
