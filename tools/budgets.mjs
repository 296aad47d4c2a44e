// What each suite took against its budget: `node tools/budgets.mjs <folder>`. The budgets are the table of docs/testing.md,
// nowhere else. Compared is processor time at the pace of the machine that the table was measured on, so that neither a
// slower machine nor a busy neighbour fails it. Exit code 1 when a suite passes its budget twice over, or has none.
//
// The folder has a file per suite, named after it: seconds on the clock, of the processor for the program, of it for the
// system, and the machine's pace (tools/pace.mjs) before and after, all on one line.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DOCS = fileURLToPath(new URL('../docs/testing.md', import.meta.url));
/** Chance, caches and a shared processor are no reason to fail. */
const TIMES_OVER = 2;

/** Rows of the table whose last column is a budget: | `name` | … | 120 s | */
export function budgetsIn(markdown) {
  const rows = markdown.matchAll(/^\| `([a-z0-9-]+)` \|.*\| (\d+) s \|$/gm);
  return new Map([...rows].map(([, name, seconds]) => [name, Number(seconds)]));
}

/** What a suite took. Of two paces the slower counts: it is the one that excuses more. */
export function tookIn(line) {
  const [wallS, userS, systemS, ...paces] = line.trim().split(/\s+/).map(Number);
  const cpuS = userS + systemS;
  const pace = Math.max(...paces);
  if (![wallS, cpuS, pace].every(Number.isFinite)) throw new Error(`no times: ${line}`);
  return { wallS, cpuS, atPaceS: cpuS / pace };
}

export function problemOf(name, { atPaceS }, budgets) {
  const budget = budgets.get(name);
  if (budget === undefined) return `${name} has no budget: give it a row in the table of docs/testing.md`;
  if (atPaceS <= budget * TIMES_OVER) return undefined;
  return `${name} took ${atPaceS.toFixed(0)} s of the processor; its budget in docs/testing.md is ${budget} s: make it do less, or say there why it needs more`;
}

function main(folder) {
  const budgets = budgetsIn(readFileSync(DOCS, 'utf8'));
  const suites = readdirSync(folder).map((name) => ({ name, ...tookIn(readFileSync(join(folder, name), 'utf8')) }));
  suites.sort((one, other) => other.cpuS - one.cpuS);
  const row = (...cells) =>
    console.log(cells.map((cell, at) => (at === 0 ? cell.padEnd(14) : cell.padStart(12))).join(''));
  row('suite', 'clock', 'processor', 'at pace', 'budget');
  const s = (seconds) => `${seconds.toFixed(0)} s`;
  for (const { name, wallS, cpuS, atPaceS } of suites)
    row(name, s(wallS), s(cpuS), s(atPaceS), budgets.has(name) ? s(budgets.get(name)) : 'none');
  const problems = suites.map((suite) => problemOf(suite.name, suite, budgets)).filter(Boolean);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 && suites.length > 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2]);
