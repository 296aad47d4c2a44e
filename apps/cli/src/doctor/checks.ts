// What the doctor looks at, in the order that trouble comes in. A check finds out and says how to mend; it changes nothing.
import type { CliConfig } from '../config.js';
import type { Connection } from '../session.js';

export type CheckState = 'ok' | 'warning' | 'error' | 'skipped';

export interface Finding {
  readonly check: string;
  readonly state: CheckState;
  /** What was found. Never a secret. */
  readonly message: string;
  /** What mends it; null when nothing is to be done. */
  readonly remedy: string | null;
}

/** What checks may know. */
export interface Patient {
  readonly config: CliConfig;
  readonly cwd: string;
  /** The lab's folder, wherever it is or would be. */
  readonly home: string;
  readonly url: string;
  /** Of the command. */
  readonly version: string;
  readonly credential: Connection['credential'];
  /** Why there is no credential, where that is a mistake. */
  readonly credentialFailure: string | undefined;
  readonly signal: AbortSignal;
}

export type Check = (patient: Patient) => Promise<readonly Finding[]>;

export const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message, remedy: null });
export const skipped = (check: string, message: string): Finding => ({
  check,
  state: 'skipped',
  message,
  remedy: null,
});
export const warning = (check: string, message: string, remedy: string): Finding => ({
  check,
  state: 'warning',
  message,
  remedy,
});
export const error = (check: string, message: string, remedy: string): Finding => ({
  check,
  state: 'error',
  message,
  remedy,
});
