// `labmesh project run`: a command in the project's environment: what its .env says, and the secrets that the lab keeps for it. They are
// in the environment of that command alone, in no file and on no command line.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { AppError, architect } from '@labmesh/contracts';
import { ENV_PATH } from '@labmesh/projects';
import type { Command } from 'commander';
import { addConnectionOptions, type Session } from '../session.js';
import { localProject } from './own-project.js';

const HELP = `
The command gets LABMESH_URL, LABMESH_WALLET and LABMESH_TOKEN_FILE of the project's .env, whatever is set already, and no token but
the project's; other variables that are set come before .env. With them come its secrets. Its exit code is this one's.

Examples:
  npx @labmesh/cli project run -- python3 train.py
  npx @labmesh/cli project run --dir flare-study -- jupyter lab`;

export function addRun(group: Command, session: Session): void {
  const command = group
    .command('run')
    .description('run a command with a project’s environment and secrets')
    .argument('<command...>', 'after --, with its words')
    .option('--dir <folder>', 'the project’s; this one when left out');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((words: string[], { dir }: { dir?: string }) =>
      session.run(command, async ({ lab, host }) => {
        const { folder, card } = await localProject(host.cwd, dir);
        const secrets =
          card.secrets.length === 0
            ? {}
            : (await lab.use(architect, 'read_project_secrets', { projectId: card.projectId })).secrets;
        const env = { ...environmentOf(host.env, await envIn(folder)), ...secrets };
        host.lingers?.();
        session.exitCode = await ended(words, { cwd: folder, env, signal: host.signal });
      }),
    );
}

async function envIn(folder: string): Promise<NodeJS.ProcessEnv> {
  const text = await readFile(join(folder, ENV_PATH), 'utf8').catch(() => '');
  return parseEnv(text) as NodeJS.ProcessEnv;
}

/** The project is itself at the lab: its address, wallet and key come before those of whoever starts it. */
export function environmentOf(outer: NodeJS.ProcessEnv, own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ofLab = Object.entries(own).filter(([name]) => name.startsWith('LABMESH_'));
  const env = { ...own, ...outer, ...Object.fromEntries(ofLab) };
  // Clients take a token before a file with one.
  if (own.LABMESH_TOKEN_FILE && own.LABMESH_TOKEN === undefined) delete env.LABMESH_TOKEN;
  return env;
}

interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

const NOT_THERE = 127;
const SIGNALLED = 128;

/** Its exit code; 128 and the signal's number for one that a signal ended, as shells have it. @throws AppError not_found */
function ended([file = '', ...args]: readonly string[], { cwd, env, signal }: Surroundings): Promise<number> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(file, args, { cwd, env, stdio: 'inherit' });
    // At a terminal it has got Ctrl-C itself; it ends when it likes.
    signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
    child.once('error', (cause: NodeJS.ErrnoException) =>
      cause.code === 'ENOENT'
        ? reject(new AppError('not_found', `There is no program ${file}: install it, or look at its name.`, { cause }))
        : resolve(NOT_THERE - 1),
    );
    child.once('exit', (code, by) => resolve(code ?? SIGNALLED + (by === null ? 0 : constants.signals[by])));
  });
}
