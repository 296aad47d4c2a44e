// What a conformance run tells: a line for each scenario, one for each suite, and a verdict.
import type { Mode } from './fixture-lab.js';
import type { Outcome } from './suite-run.js';

export interface SuiteOutcome {
  readonly mode: Mode;
  readonly suite: string;
  readonly outcomes: readonly Outcome[];
}

const REASON_CHARS_MAX = 300;

/** @example `lab 0.1.16 --suite all: ok ping (1 check)` */
export function outcomeLine({ mode, suite }: Omit<SuiteOutcome, 'outcomes'>, outcome: Outcome): string {
  const { scenario, scored, ok, checks, failed, warnings, reasons } = outcome;
  const counted = `${checks} ${checks === 1 ? 'check' : 'checks'}`;
  const notes = [
    counted,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(warnings > 0 ? [`${warnings} recommended and not found`] : []),
    ...(scored ? [] : ['not scored']),
  ];
  const why = reasons.map((reason) => `\n      ${reason.slice(0, REASON_CHARS_MAX)}`).join('');
  return `${mode} ${suite}: ${ok ? 'ok' : 'FAILED'} ${scenario} (${notes.join(', ')})${why}`;
}

export interface Score {
  readonly passed: number;
  readonly failed: number;
}

/** Of scored scenarios only. */
export function scoreOf({ outcomes }: Pick<SuiteOutcome, 'outcomes'>): Score {
  const scored = outcomes.filter((outcome) => outcome.scored);
  const passed = scored.filter(({ ok }) => ok).length;
  return { passed, failed: scored.length - passed };
}

export function summaryLine(run: SuiteOutcome): string {
  const { passed, failed } = scoreOf(run);
  const unscored = run.outcomes.filter(({ scored }) => !scored);
  const rest = unscored.length === 0 ? '' : `; ${unscored.filter(({ ok }) => ok).length} of ${unscored.length} others`;
  return `${run.mode} ${run.suite}: ${passed} of ${passed + failed} scored scenarios pass${rest}`;
}

/** A suite that scored nothing shows nothing. */
export function isGood(runs: readonly SuiteOutcome[]): boolean {
  return runs.length > 0 && runs.map(scoreOf).every(({ passed, failed }) => passed > 0 && failed === 0);
}
