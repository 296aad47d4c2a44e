// Structured logs on standard error. Credentials are masked; arguments and results are never logged.
import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

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

export const createLogger = (name: string, level: string): Logger =>
  pino({ name, level, redact: { paths: MASKED, censor: '[masked]' } }, pino.destination({ fd: 2, sync: true }));

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
