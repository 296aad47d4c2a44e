// Structured logs on standard error. Credentials are masked by name and by form; arguments and results are never logged.

import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { redactSecrets } from './redaction.js';

export type { Logger };
export const LOGGER = Symbol('LOGGER');

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

export function createLogger(
  name: string,
  level: string,
  out: LogOutput = pino.destination({ fd: 2, sync: true }),
): Logger {
  const clean = { write: (line: string) => void out.write(redactSecrets(line)) };
  return pino({ name, level, redact: { paths: MASKED, censor: '[masked]' } }, clean);
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
