// What applyFixes does: it mends, twice is once, it takes nothing away, and only what is then gone is called fixed.
import { expect, it } from 'vitest';
import { lookThrough } from './look-through.js';
import { filesOf, LAB, type SampleFiles } from './sample/sample.testing.js';
import { all, append, drop, put, SAMPLES, swap } from './sample/seed.testing.js';

const text = (changed: readonly { path: string; bytes: Uint8Array }[], path: string): string | undefined => {
  const file = changed.find((one) => one.path === path);
  return file && Buffer.from(file.bytes).toString('utf8');
};
const mend = (files: SampleFiles) => lookThrough({ files: filesOf(files) }, LAB, { applyFixes: true });

it('writes what is missing and pins what the lock file has', async () => {
  const broken = all(
    drop('.gitignore'),
    append('src/settings.ts', 'export const file = process.env.SIGNING_KEY_FILE;'),
    swap('package.json', '"zod": "^4.1.0"', '"zod": "latest"'),
  )(SAMPLES.agent);
  const { findings, changed } = await mend(broken);
  expect(findings.filter(({ fixed }) => !fixed)).toEqual([]);
  expect(findings.map(({ rule }) => rule).sort()).toEqual([
    'env-file-not-ignored',
    'variable-not-named',
    'version-unpinned',
  ]);
  expect(text(changed, '.gitignore')).toBe('.env\n');
  expect(text(changed, '.env.example')).toBe(`${broken['.env.example']}SIGNING_KEY_FILE=\n`);
  expect(text(changed, 'package.json')).toBe(broken['package.json']?.replace('"latest"', '"^4.1.12"'));
});

it('twice is once, and changes nothing where nothing is wrong', async () => {
  const first = await mend(put('.gitignore', 'node_modules/')(SAMPLES.tool));
  expect(text(first.changed, '.gitignore')).toBe('node_modules/\n.env\n');
  const again = await mend({ ...SAMPLES.tool, '.gitignore': 'node_modules/\n.env\n' });
  expect(again).toMatchObject({ changed: [], findings: [] });
});

it('calls nothing fixed that is still there', async () => {
  const password = swap('ask.sh', 'set -eu', `password="${'a7Kq2ZpX9vLm4TwRb8NcJh3Y'}"`);
  const { findings, changed } = await mend(all(password, put('.gitignore', ''))(SAMPLES.tool));
  expect(changed.map(({ path }) => path)).toEqual(['.gitignore']);
  expect(findings.map(({ rule, fixable, fixed }) => ({ rule, fixable, fixed }))).toEqual([
    { rule: 'secret-assigned', fixable: false, fixed: false },
    { rule: 'env-file-not-ignored', fixable: true, fixed: true },
  ]);
});

it('gives .env to its owner alone', async () => {
  const disk = { modes: new Map([['.env', 0o644]]), environment: [] };
  const looked = await lookThrough({ files: filesOf(SAMPLES.tool), disk }, LAB, { applyFixes: true });
  expect([...looked.modes]).toEqual([['.env', 0o600]]);
  expect(looked.findings).toMatchObject([{ rule: 'env-file-open', fixed: true }]);
});

it('checks by the rules that were asked for', async () => {
  const files = filesOf(all(put('.gitignore', ''), append('.env.example', 'PORT=99999'))(SAMPLES.tool));
  const { findings } = await lookThrough({ files }, LAB, { rules: ['port-out-of-range'] });
  expect(findings.map(({ rule }) => rule)).toEqual(['port-out-of-range']);
});
