// A supervisor in the background: started by a command that waits only until everything is ready, or until it is clear why not.
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type ErrorCodeName } from '@labmesh/contracts';
import { INSTALL_ROOT } from '../lab/operator-token.js';
import { LogFile } from './log-file.js';
import type { MeshState, RunFolder } from './run-folder.js';

const LOOK_EVERY_MS = 200;
const COMMAND = join(INSTALL_ROOT, 'apps/cli/bin/labmesh.js');

export interface DetachedOptions {
  readonly folder: RunFolder;
  /** What `up` was called with, but for the detaching. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** @throws AppError the supervisor's own, when it could not start the mesh */
export async function startDetached({ folder, args, cwd, env, signal }: DetachedOptions): Promise<MeshState> {
  const log = new LogFile(folder.file('supervisor.log'));
  log.bound();
  const from = log.size;
  const output = log.open();
  const stdio = ['ignore', output, output] as const;
  const child = spawn(process.execPath, [COMMAND, 'up', ...args, '--json'], {
    cwd,
    env,
    detached: true,
    stdio: [...stdio],
  });
  closeSync(output);
  child.unref();
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  child.once('error', () => {
    ended = true;
  });
  while (!ended) {
    const state = folder.read();
    if (state?.ready === true && state.supervisor === child.pid) return state;
    if (signal.aborted) {
      child.kill('SIGTERM');
      throw new AppError('cancelled', 'Stopped before everything was ready.');
    }
    await pause(LOOK_EVERY_MS);
  }
  throw failureIn(log.tail(1, from), log.path);
}

/** A failed command says why in its last line, as JSON. */
function failureIn(line: string, path: string): AppError {
  try {
    const { code, message } = JSON.parse(line) as { code: ErrorCodeName; message: string };
    return new AppError(code, message);
  } catch {
    return new AppError('internal', `Cannot start the mesh: its supervisor ended without a word. See ${path}.`);
  }
}
