// One run of one suite against an endpoint: each scenario is told as soon as it is over. What a check says is the suite's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryFolder } from '@labmesh/testing';
import { z } from 'zod';
import type { Installed, Listed, Suite } from './suites.js';

/** A suite takes seconds; one that hangs is ended. */
const SUITE_MS = 300_000;

const Checks = z.array(z.object({ name: z.string(), status: z.string(), errorMessage: z.string().nullish() }));

export interface Outcome {
  readonly scenario: string;
  readonly scored: boolean;
  readonly ok: boolean;
  /** Checks that were made, and those of them that failed. */
  readonly checks: number;
  readonly failed: number;
  /** What the suite recommends and does not find. */
  readonly warnings: number;
  /** Why it is not ok, in the suite's words. */
  readonly reasons: readonly string[];
}

export interface SuiteRun {
  readonly suite: Suite;
  readonly installed: Installed;
  readonly listed: Listed;
  readonly url: string;
  /** One scenario instead of all. */
  readonly scenario?: string | undefined;
}

/** Yields each scenario's outcome; a scored one that did not come to an end is told as failed. */
export async function* runSuite(run: SuiteRun): AsyncGenerator<Outcome> {
  const { suite, installed, listed, url, scenario } = run;
  const wanted = new Set(scenario === undefined ? listed.scored : [scenario]);
  const folder = await temporaryFolder('conformance-results');
  const what = scenario === undefined ? suite.whole : [...suite.single, '--scenario', scenario];
  const args = [installed.program, 'server', ...what, '--url', url, '-o', folder];
  const child = spawn(installed.node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const force = setTimeout(() => child.kill('SIGKILL'), SUITE_MS);
  try {
    let current: string | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      current = /^Running client scenario '(.+)' against/.exec(line)?.[1] ?? current;
      const saved = /^Results saved to (.+)$/.exec(line)?.[1];
      if (saved === undefined || current === undefined) continue;
      wanted.delete(current);
      yield await outcomeOf(current, listed.scored.has(current), resolve(saved));
      current = undefined;
    }
    await ended;
    for (const lost of wanted) yield notRun(lost, listed.scored.has(lost));
  } finally {
    clearTimeout(force);
    child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function outcomeOf(scenario: string, scored: boolean, folder: string): Promise<Outcome> {
  const checks = Checks.parse(JSON.parse(await readFile(join(folder, 'checks.json'), 'utf8')));
  const of = (status: string) => checks.filter((check) => check.status === status);
  const failed = of('FAILURE');
  return {
    scenario,
    scored,
    ok: checks.length > 0 && failed.length === 0,
    checks: of('SUCCESS').length + failed.length,
    failed: failed.length,
    warnings: of('WARNING').length,
    reasons: failed.map(({ name, errorMessage }) => `${name}: ${errorMessage ?? 'failed'}`),
  };
}

const notRun = (scenario: string, scored: boolean): Outcome => {
  const reasons = ['the suite did not come to its end'];
  return { scenario, scored, ok: false, checks: 0, failed: 0, warnings: 0, reasons };
};
