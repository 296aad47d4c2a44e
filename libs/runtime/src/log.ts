// Structured logs on standard error. Credentials are masked by name and by form; arguments and results are never logged.

import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import type { LoggedErrors, LoggedLine } from './logged-errors.js';
import { redactSecrets, TAKEN_OUT } from './redaction.js';

export type { Logger };
export const LOGGER = Symbol('LOGGER');

/** pino's number of the level. */
const ERROR = 50;
const MASKED = [
  'token',
  'credential',
  'pass',
  'password',
  'code',
  'authorization',
  'headers.authorization',
  '*.token',
  '*.credential',
  '*.pass',
  '*.password',
];

/** Where lines go when they are clean. */
export interface LogOutput {
  write(line: string): unknown;
}

/** What else a log does with its lines. */
interface LogHearers {
  /** Where lines go; standard error when left out. */
  readonly out?: LogOutput;
  /** Hears of each error. */
  readonly errors?: Pick<LoggedErrors, 'note'>;
}

export function createLogger(name: string, level: string, { out, errors }: LogHearers = {}): Logger {
  const output = out ?? pino.destination({ fd: 2, sync: true });
  const clean = { write: (line: string) => void output.write(redactSecrets(line)) };
  return pino(
    {
      name,
      level,
      redact: { paths: MASKED, censor: TAKEN_OUT },
      hooks: {
        logMethod(args, method, of) {
          if (of >= ERROR) errors?.note(lineOf(args));
          method.apply(this, args);
        },
      },
    },
    clean,
  );
}

/** Of the two ways to write one: a text, or fields and a text. */
function lineOf([first, second]: readonly unknown[]): LoggedLine {
  if (first instanceof Error) return { said: typeof second === 'string' ? second : '', err: first, tool: undefined };
  if (typeof first !== 'object' || first === null) return { said: String(first), err: undefined, tool: undefined };
  const { err, tool } = first as { err?: unknown; tool?: unknown };
  return {
    said: typeof second === 'string' ? second : '',
    err,
    tool: typeof tool === 'string' ? tool : undefined,
  };
}

/** Nest's own messages: its chatter at debug level, its warnings and errors as they are. */
export function nestLogger(log: Logger): LoggerService {
  const write =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...rest: unknown[]) =>
      log[level](
        { nest: rest.filter((part) => typeof part === 'string') },
        message instanceof Error ? message.message : String(message),
      );
  return {
    log: write('debug'),
    debug: write('debug'),
    verbose: write('debug'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('error'),
  };
}
