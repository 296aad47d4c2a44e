// One process that reads strange files, seen from the outside: asked one file at a time, ended when it takes too long. Its program is
// in worker/extract.
import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../worker/extract/main.mjs', import.meta.url));
/** Most memory of the whole process, bytes, and of its JavaScript alone. */
const RSS_MAX = 768 * 1024 * 1024;
const HEAP_MAX_MB = 384;

export interface ExtractionTask {
  readonly kind: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type ExtractionReply =
  | { readonly text: string; readonly title?: string }
  | { readonly refused: string }
  /** The process is gone: `memory`, `time`, or what it died of. */
  | { readonly ended: string };

interface Message {
  readonly id?: number;
  readonly ended?: string;
}

export class ExtractionProcess {
  readonly #child: ChildProcess;
  #waiting: { readonly id: number; readonly resolve: (reply: ExtractionReply) => void } | undefined;
  #last = 0;
  #ended: string | undefined;

  constructor() {
    // Nothing of the lab's settings and secrets is in its environment.
    this.#child = fork(PROGRAM, [String(RSS_MAX), String(HEAP_MAX_MB)], {
      cwd: tmpdir(),
      env: {},
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (message: Message) => this.#hear(message));
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('exit', (code, signal) => this.#end(`${signal ?? `exit code ${code}`}`));
    this.#release();
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  /** Its answer, or that it was ended for taking too long. */
  async ask(task: ExtractionTask, signal: AbortSignal): Promise<ExtractionReply> {
    if (this.#ended !== undefined) return { ended: this.#ended };
    const stop = (): void => this.#kill('time');
    this.#child.ref();
    this.#child.channel?.ref();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      return await new Promise<ExtractionReply>((resolve) => {
        const id = ++this.#last;
        this.#waiting = { id, resolve };
        if (this.#ended !== undefined) this.#settle({ ended: this.#ended });
        else
          this.#child.send({ ...task, id }, (error) => {
            if (error !== null) this.#end(error.message);
          });
      });
    } finally {
      signal.removeEventListener('abort', stop);
      this.#release();
    }
  }

  end(): void {
    this.#kill('stopped');
  }

  #kill(why: string): void {
    this.#end(why);
    this.#child.kill('SIGKILL');
  }

  #hear({ id, ended, ...reply }: Message): void {
    if (ended !== undefined) this.#end(ended);
    else if (id === this.#waiting?.id) this.#settle(reply as ExtractionReply);
  }

  #end(why: string): void {
    this.#ended ??= why;
    this.#settle({ ended: this.#ended });
  }

  #settle(reply: ExtractionReply): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(reply);
  }

  /** Only while it works it keeps the Librarian alive. */
  #release(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }
}
