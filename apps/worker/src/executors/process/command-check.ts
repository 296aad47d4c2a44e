// Whether a command can begin at all, told before anything of it exists: else its end would be a riddle in its log.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { AppError } from '@labmesh/contracts';
import type { AttemptToRun } from '@labmesh/jobs';
import { isProgram } from './programs.js';

const FIRST_LINE_BYTES = 256;

/** @throws AppError invalid_input that says what is missing, and what to do */
export function assertCommand({
  command,
  folder,
  environment,
}: Pick<AttemptToRun, 'command' | 'folder' | 'environment'>): void {
  const [name = ''] = command;
  if (command.some((word) => word.includes('\0')))
    throw refused(name, 'it holds NUL, which ends a text for the system');
  const places = name.includes('/')
    ? [isAbsolute(name) ? name : resolve(folder, name)]
    : (environment.PATH ?? '').split(delimiter).map((path) => join(path, name));
  const program = places.find(isProgram);
  if (program === undefined) {
    const there = statSync(places[0] ?? '', { throwIfNoEntry: false });
    throw refused(name, why(name, there));
  }
  const interpreter = interpreterOf(program);
  if (interpreter !== undefined && !isProgram(interpreter))
    throw refused(name, `its first line names ${interpreter}, which isn’t here: name another interpreter`);
}

function why(name: string, there: { isDirectory(): boolean; isFile(): boolean } | undefined): string {
  if (!name.includes('/'))
    return 'there is no such program here: give its path, or use an environment that has it (requirements, or the executor container)';
  if (there === undefined) return 'there is no such file: add it to files, or name an installed program';
  return there.isDirectory()
    ? 'it is a folder: name a file in it'
    : 'it may not be executed: set executable for the file, or name its interpreter first';
}

function interpreterOf(program: string): string | undefined {
  const first = Buffer.alloc(FIRST_LINE_BYTES);
  try {
    const file = openSync(program, 'r');
    try {
      return /^#!\s*(\/\S*)/.exec(first.subarray(0, readSync(file, first)).toString('latin1'))?.[1];
    } finally {
      closeSync(file);
    }
  } catch {
    // It may be executed and not read: whether it begins shows when it does.
    return undefined;
  }
}

const refused = (name: string, reason: string): AppError =>
  new AppError('invalid_input', `Cannot start "${name}": ${reason}.`);
