// Runs one command line: reads it, does it, and turns whatever goes wrong into one message and an exit code.
import { AppError, ERROR_CODES } from '@labmesh/contracts';
import { CommanderError } from 'commander';
import { readCliConfig } from './config.js';
import type { Host } from './host.js';
import { failureLine, failureText } from './output/failure-text.js';
import { createProgram } from './program.js';

/** @returns the exit code: 0, or the one that ERROR_CODES gives the failure */
export async function runCli(args: readonly string[], host: Host): Promise<number> {
  try {
    const program = await createProgram(args, host, readCliConfig(host.env));
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (thrown) {
    const failure = thrown instanceof CommanderError ? usageFailure(thrown) : thrown;
    if (failure === undefined) return 0;
    const known = failure instanceof AppError ? failure : bug(failure);
    host.stderr.write(wantsJson(args) ? failureLine(known) : failureText(known));
    return ERROR_CODES[known.code].exit;
  }
}

/** Help and version leave commander as "errors" too; help that was not asked for is a usage failure. */
function usageFailure({ code, exitCode, message }: CommanderError): AppError | undefined {
  if (exitCode === 0) return undefined;
  if (code === 'commander.help') return new AppError('invalid_input', 'Say what to do: the commands are listed above.');
  return new AppError(
    'invalid_input',
    `${message.replace(/^error: /, '').replaceAll('\n', ' ')}. See npx @labmesh/cli --help.`,
  );
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
