// A secret that a bug puts into a line, by whatever way, does not reach the output; the line stays JSON.
import { expect, it } from 'vitest';
import { createLogger, nestLogger } from './log.js';

const KEY = `lmk_${'0123456789abcdefghijklmnopqrstuv012345'}`;

it('masks secrets in messages, bindings, errors with causes, and Nest’s own lines', () => {
  const lines: string[] = [];
  const log = createLogger('test', 'debug', { out: { write: (line) => void lines.push(line) } });
  const failure = new Error(`refused ${KEY}`, { cause: new Error(`postgresql://lab:${KEY}@db/lab`) });
  log.info({ anything: { deep: [KEY] } }, `said ${KEY}`);
  log.error({ err: failure }, 'tool failed');
  log.child({ bound: KEY }).debug('bound');
  nestLogger(log).error(failure, KEY);
  log.info({ headers: { authorization: 'Bearer short' }, password: 'x y', token: { a: 1 } }, 'by name');
  expect(lines.length).toBe(5);
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  expect(lines.join('')).not.toContain(KEY);
  expect(lines.join('')).not.toMatch(/Bearer short|x y/);
  expect(lines[0]).toContain('[masked]');
});
