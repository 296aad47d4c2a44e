// A log is bounded while somebody writes to it, and its end can be read.
import { closeSync, mkdtempSync, readFileSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LogFile } from './log-file.js';

it('keeps one older part beside it, and whoever writes goes on writing at its end', () => {
  const log = new LogFile(join(mkdtempSync(join(tmpdir(), 'labmesh-log-')), 'a.log'), 1_000);
  log.bound();
  expect(log.tail(5)).toBe('');
  const file = log.open();
  for (let line = 0; line < 200; line += 1) writeSync(file, `line ${line}\n`);
  expect(log.tail(2)).toBe('line 198\nline 199');
  log.bound();
  expect(log.size).toBe(0);
  expect(readFileSync(`${log.path}.1`, 'utf8')).toContain('line 0\n');
  writeSync(file, 'after\n');
  expect(readFileSync(log.path, 'utf8')).toBe('after\n');
  const from = log.size;
  expect(log.tail(5, from)).toBe('');
  writeSync(file, 'more\n');
  expect(log.tail(5, from)).toBe('more');
  expect(statSync(log.path).mode & 0o777).toBe(0o600);
  closeSync(file);
});
