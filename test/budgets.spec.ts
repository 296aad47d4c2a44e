// The budgets of the suites: read from the docs, held against what a run took, whatever machine it ran on.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** A run in which these suites took so long. */
function judged(times: Readonly<Record<string, string>>): { code: number | null; out: string; err: string } {
  const folder = mkdtempSync(join(tmpdir(), 'labmesh-times-'));
  for (const [name, line] of Object.entries(times)) writeFileSync(join(folder, name), `${line}\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/budgets.mjs', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  return { code: status, out: stdout, err: stderr };
}

const budgeted = new Map(
  [...read('docs/testing.md').matchAll(/^\| `([a-z0-9-]+)` \|.*\| (\d+) s \|$/gm)].map(([, name = '', s]) => [
    name,
    Number(s),
  ]),
);

it('each suite of CI has a budget, and each budget a suite', () => {
  const suites = [...read('.ci/run').matchAll(/^(?:alone|beside) ([a-z0-9-]+) /gm)].map(([, name]) => name);
  expect(suites.length).toBeGreaterThan(8);
  expect(suites.toSorted()).toEqual([...budgeted.keys()].toSorted());
});

it('what passes its budget is told, and what passes it twice over fails', () => {
  const budget = budgeted.get('test') ?? 0;
  const good = judged({ test: `10.0 ${1.5 * budget} ${0.4 * budget} 1.000 1.000` });
  expect(good).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^test +10 s/m) });
  const bad = judged({ test: `10.0 ${1.7 * budget} ${0.4 * budget} 1.000 1.000` });
  expect(bad).toMatchObject({ code: 1, err: expect.stringContaining(`its budget in docs/testing.md is ${budget} s`) });
});

it('a machine of half the pace may take twice the time, for whichever while it was so', () => {
  const budget = budgeted.get('test') ?? 0;
  for (const paces of ['2.000 2.000', '1.000 2.000', '2.000 1.000'])
    expect(judged({ test: `10.0 ${3 * budget} 0 ${paces}` }).code).toBe(0);
  expect(judged({ test: `10.0 ${3 * budget} 0 1.000 1.000` }).code).toBe(1);
});

it('a suite without a budget fails, and so does a run of nothing', () => {
  expect(judged({ novelty: '1 1 1 1 1' })).toMatchObject({ code: 1, err: expect.stringContaining('has no budget') });
  expect(judged({}).code).toBe(1);
  expect(judged({ test: 'nonsense' }).code).toBe(1);
});

it('the pace of this machine is a number', () => {
  const { stdout } = spawnSync(process.execPath, ['tools/pace.mjs'], { cwd: ROOT, encoding: 'utf8' });
  expect(Number(stdout)).toBeGreaterThan(0);
});
