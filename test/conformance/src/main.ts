// `npm run conformance`: the official suites against the fixture gateway. Exit code 1 when a scored scenario fails or a suite
// scored nothing, 2 for wrong arguments.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runProgram } from '@labmesh/testing';
import { MODES, type Mode, startFixtureLab } from './fixture-lab.js';
import { isGood, outcomeLine, type SuiteOutcome, scoreOf, summaryLine } from './report.js';
import { type Outcome, runSuite } from './suite-run.js';
import { type Installed, install, type Listed, SUITES, type Suite, scenariosOf, titleOf } from './suites.js';

const USAGE = `Usage: npm run conformance -- [--mode lab|mesh] [--scenario NAME] [--part] [--json] [--report FILE]

Runs the official MCP conformance suites through the gateway, over the bus. They come from npm at the first run.

  --mode lab|mesh   everything in one process, or three processes over NATS (needs nats-server); both when left out
  --scenario NAME   one scenario of each suite that has it
  --part            what CI runs: all suites in one process, the newest alone over NATS
  --json            the outcomes as JSON on standard output, progress on standard error
  --report FILE     how many scored scenarios passed and failed, as the other tests report it
`;

interface Wanted {
  readonly modes: readonly Mode[];
  readonly scenario: string | undefined;
  readonly part: boolean;
  readonly json: boolean;
  readonly report: string | undefined;
}

/** Undefined when only help is wanted. @throws Error saying which argument is wrong */
function readArguments(): Wanted | undefined {
  const { values } = parseArgs({
    options: {
      mode: { type: 'string' },
      scenario: { type: 'string' },
      part: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      report: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { mode, scenario, part, json, report } = values;
  const modes = mode === undefined ? MODES : MODES.filter((each) => each === mode);
  if (modes.length === 0) throw new Error('--mode is lab or mesh');
  return { modes, scenario, part, json, report };
}

interface Ready {
  readonly suite: Suite;
  readonly installed: Installed;
  readonly listed: Listed;
}

/** The suites that have what is wanted. @throws Error when none has */
async function prepare(scenario: string | undefined, tell: (line: string) => void): Promise<Ready[]> {
  const ready: Ready[] = [];
  const names = new Set<string>();
  for (const suite of SUITES) {
    tell(`Getting ${titleOf(suite)} …`);
    const installed = await install(suite);
    const listed = await scenariosOf(suite, installed);
    for (const name of [...listed.scored, ...listed.unscored]) names.add(name);
    const has = scenario === undefined || listed.scored.has(scenario) || listed.unscored.has(scenario);
    if (has) ready.push({ suite, installed, listed });
  }
  if (ready.length === 0) throw new Error(`No suite has ${scenario}. There are: ${[...names].sort().join(', ')}`);
  return ready;
}

async function runMode(mode: Mode, suites: readonly Ready[], { wanted, tell }: Telling): Promise<SuiteOutcome[]> {
  await using lab = await startFixtureLab(mode);
  const runs: SuiteOutcome[] = [];
  for (const { suite, installed, listed } of suites) {
    const outcomes: Outcome[] = [];
    const run = { mode, suite: titleOf(suite), outcomes };
    for await (const outcome of runSuite({ suite, installed, listed, url: lab.url, scenario: wanted.scenario })) {
      outcomes.push(outcome);
      tell(outcomeLine(run, outcome));
    }
    runs.push(run);
  }
  return runs;
}

interface Telling {
  readonly wanted: Wanted;
  readonly tell: (line: string) => void;
}

async function conform(wanted: Wanted): Promise<boolean> {
  const progress = wanted.json ? process.stderr : process.stdout;
  const tell = (line: string): void => void progress.write(`${line}\n`);
  const suites = await prepare(wanted.scenario, tell);
  const runs: SuiteOutcome[] = [];
  for (const mode of wanted.modes)
    runs.push(...(await runMode(mode, wanted.part && mode === 'mesh' ? suites.slice(-1) : suites, { wanted, tell })));
  tell('');
  for (const run of runs) tell(summaryLine(run));
  if (wanted.json) process.stdout.write(`${JSON.stringify(runs)}\n`);
  if (wanted.report !== undefined) await writeReport(wanted.report, runs);
  // One scenario alone may be of those that do not count.
  return wanted.scenario === undefined ? isGood(runs) : runs.every(({ outcomes }) => outcomes.every(({ ok }) => ok));
}

/** The two numbers that test runners give, under their names. */
async function writeReport(file: string, runs: readonly SuiteOutcome[]): Promise<void> {
  const scores = runs.map(scoreOf);
  const sum = (of: 'passed' | 'failed') => scores.reduce((all, score) => all + score[of], 0);
  await writeFile(file, JSON.stringify({ numPassedTests: sum('passed'), numFailedTests: sum('failed') }));
}

async function run(wanted: Wanted): Promise<number> {
  try {
    return (await conform(wanted)) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}

process.exitCode = await runProgram({ usage: USAGE, read: readArguments, run });
