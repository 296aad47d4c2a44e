// A shell that waits to become one job. It is begun ahead: to begin a process copies the page tables of the lab's own, which takes
// longer than all else at a job's begin. It ends with the worker, and knows nothing of a job before it becomes it.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export type JobProcess = ChildProcessByStdio<Writable, Readable, Readable>;

export interface Launch {
  /** The job's process, in its folder, with these variables and no others. */
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Files that take the id of whoever joins a control group; it joins before anything else. */
  readonly joins: readonly string[];
}

export class Launcher {
  readonly #child;
  readonly #begun: Promise<void>;

  constructor(sh: string) {
    const child = spawn(sh, ['-s'], { cwd: '/', env: {}, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => undefined); // it is gone: the job's end says so
    this.#child = child;
    this.#begun = new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    this.#begun.catch(() => undefined);
  }

  get isGone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Call once. @throws Error with what the system said, when it could not be begun */
  async become(launch: Launch): Promise<JobProcess> {
    await this.#begun;
    this.#child.stdin.end(scriptOf(launch));
    return this.#child;
  }

  /** No job needs it. */
  end(): void {
    this.#child.stdin.end();
  }
}

const CANNOT = 'exit 125';
/** Names that mean something to one shell or another, which would not take any value for them, or change it. */
const SHELLS_OWN =
  /^(_|BASH.*|COMP_.*|DIRSTACK|EPOCH.*|E?UID|FUNCNAME|GROUPS|HISTCMD|IFS|LINENO|(OLD)?PWD|OPTIND|PPID|S?RANDOM|SECONDS|SHELLOPTS|SHLVL)$/;

/** Values are set in the shell: in the arguments of a program everybody on the machine could read them. */
function scriptOf({ command, folder, environment, joins }: Launch): string {
  const variables = Object.entries(environment);
  const own = variables.filter(([name]) => SHELLS_OWN.test(name)).map(([name, value]) => `${name}=${value}`);
  const words = own.length === 0 ? command : ['env', ...own, ...command];
  return [
    ...joins.map((file) => `echo $$ > ${quoted(file)} || ${CANNOT}`),
    `cd ${quoted(folder)} || ${CANNOT}`,
    'unset PWD OLDPWD',
    ...variables.filter(([name]) => !SHELLS_OWN.test(name)).map(([name, value]) => `export ${name}=${quoted(value)}`),
    `exec ${words.map(quoted).join(' ')} < /dev/null\n`,
  ].join('\n');
}

/** One word of the shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
