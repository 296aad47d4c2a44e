// Asks one thing whether it works, within a time limit. It must never throw: what fails is reported as down, with the reason.
import { AppError, errorShape } from '@labmesh/contracts';

export interface Check {
  readonly status: 'up' | 'down';
  /** What stands behind it right now, such as `redis` or `in-process`. */
  readonly kind: string;
  readonly latencyMs: number | null;
  readonly message: string | null;
}

export interface Probe<T> {
  readonly kind: string;
  readonly timeoutMs: number;
  /** Asks the real thing. May go on after the limit; its answer is then of no interest. */
  readonly ask: () => Promise<T>;
  /** Milliseconds the answer itself says it took; else the time until it was seen. */
  readonly took?: (answer: T) => number;
}

/** The check's verdict, and what the probe answered when it did. */
export async function check<T>(probe: Probe<T>): Promise<{ verdict: Check; answer: T | undefined }> {
  const startedAt = performance.now();
  try {
    const answer = await within(probe.timeoutMs, probe.ask);
    const latencyMs = rounded(probe.took?.(answer) ?? performance.now() - startedAt);
    return { verdict: { status: 'up', kind: probe.kind, latencyMs, message: null }, answer };
  } catch (error) {
    return {
      verdict: { status: 'down', kind: probe.kind, latencyMs: null, message: reason(error) },
      answer: undefined,
    };
  }
}

/** Microseconds are as fine as such figures get. */
export const rounded = (milliseconds: number): number => Math.round(milliseconds * 1_000) / 1_000;

/** @throws AppError deadline_exceeded when `ask` takes longer than `timeoutMs` */
export async function within<T>(timeoutMs: number, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AppError('deadline_exceeded', `Did not answer within ${timeoutMs / 1_000} s.`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([ask(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Drivers put addresses, users and passwords into their errors: only what we wrote ourselves is shown. */
const reason = (error: unknown): string =>
  error instanceof AppError ? errorShape(error).message : 'Does not answer. The Mechanic’s log has the cause.';
