// Installs a pinned package into a folder of its own, from npm or PyPI, within a bound of time. Nothing outside the folder changes.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_MS = 300_000;

/** The last lines of what a command said, for a note of one line. */
const lastLine = (error: unknown): string => {
  const { stderr = '', message } = error as { stderr?: string; message: string };
  return (
    stderr
      .trim()
      .split('\n')
      .findLast((line) => /error/i.test(line)) ?? message
  ).slice(0, 300);
};

async function bounded(command: string, args: readonly string[], cwd: string): Promise<void> {
  try {
    await run(command, args, { cwd, timeout: INSTALL_MS, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    throw new Error(`cannot install: ${lastLine(error)}`, { cause: error });
  }
}

/** @returns the folder of its programs. @throws Error with one line of why */
export async function fromNpm(what: string, folder: string): Promise<string> {
  await bounded('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', what], folder);
  return join(folder, 'node_modules/.bin');
}

/** Into a virtual environment; `python3` with `venv` must be there. @returns the folder of its programs. @throws as fromNpm */
export async function fromPyPi(what: string, folder: string): Promise<string> {
  await bounded('python3', ['-m', 'venv', folder], folder);
  const bin = join(folder, 'bin');
  await bounded(join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', what], folder);
  return bin;
}
