// Runs one command line: reads it, does it, and turns whatever goes wrong into one message and an exit code.
import { AppError, ERROR_CODES } from '@labmesh/contracts';
import { type Command, CommanderError } from 'commander';
import { readCliConfig } from './config.js';
import type { Host } from './host.js';
import { failureLine, failureText } from './output/failure-text.js';
import { createProgram, VERSION } from './program.js';
import { Session } from './session.js';

/** @returns the exit code: 0, or the one that ERROR_CODES gives the failure */
export async function runCli(args: readonly string[], host: Host): Promise<number> {
  let program: Command | undefined;
  const session = new Session({ host, config: readCliConfig(host.env), version: VERSION });
  try {
    program = await createProgram(args, session);
    await program.parseAsync(args, { from: 'user' });
    return session.exitCode;
  } catch (thrown) {
    const failure = thrown instanceof CommanderError ? usageFailure(thrown, wordsOf(program, args)) : thrown;
    if (failure === undefined) return 0;
    const known = failure instanceof AppError ? failure : bug(failure);
    host.stderr.write(wantsJson(args) || session.jsonSettled ? failureLine(known) : failureText(known));
    return ERROR_CODES[known.code].exit;
  }
}

/** Help and version leave commander as "errors" too; help that was not asked for is a usage failure. */
function usageFailure({ code, exitCode, message }: CommanderError, words: string): AppError | undefined {
  if (exitCode === 0) return undefined;
  if (code === 'commander.help') return new AppError('invalid_input', 'Say what to do: the commands are listed above.');
  return new AppError(
    'invalid_input',
    `${message
      .replace(/^error: /, '')
      .replaceAll('\n', ' ')
      .replace(/\.+$/, '')}. See npx @labmesh/cli ${words}--help.`,
  );
}

/** The commands that a line begins with, whose help has what is wrong in it: `dataset list --limit x` -> `dataset list `. */
function wordsOf(program: Command | undefined, args: readonly string[]): string {
  let words = '';
  let at = program;
  for (const arg of args) {
    at = at?.commands.find((command) => command.name() === arg);
    if (at === undefined) break;
    words += `${arg} `;
  }
  return words;
}

const bug = (thrown: unknown): AppError =>
  new AppError('internal', `Unexpected: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
    cause: thrown,
  });

/** Looked up in the words themselves: a command line that cannot be read has no options yet. */
const wantsJson = (args: readonly string[]): boolean => {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).some((arg) => arg === '--json' || arg.startsWith('--json='));
};
