// The command line that explains itself and asks no lab: for its reference, and for tests that walk through all of it.
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { readCliConfig } from './config.js';
import { createProgram } from './program.js';
import { Session } from './session.js';

/**
 * @param args decide which commands are there: all of them, when left out
 * @param write takes every word of it
 */
export function explainedProgram(
  args: readonly string[] = ['--help'],
  write: (text: string) => unknown = () => undefined,
): Promise<Command> {
  const host = {
    env: {},
    cwd: '/',
    stdin: Readable.from([]),
    stdout: { write },
    stderr: { write },
    openBrowser: async () => false,
    signal: new AbortController().signal,
  };
  return createProgram(args, new Session({ host, config: readCliConfig({}), version: '' }));
}
