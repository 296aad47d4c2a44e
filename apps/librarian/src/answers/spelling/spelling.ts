// A question as it was meant, where a word of it is misspelt. A thread knows the words of English, from the first question with one that
// nothing holds until nobody needed it for a while; without it a question is read as it stands.
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Logger } from '@labmesh/runtime';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Counts, meantBy, reworded, unheldWords } from './misspelt.js';

const WORKER_FILE = fileURLToPath(new URL('../../../worker/spelling.mjs', import.meta.url));
/** A question waits no longer: the thread begins with reading a dictionary. */
const WAIT_MS = 2_000;
const IDLE_MS = 10 * 60_000;

interface Reply {
  readonly number: number;
  /** Of each word, those that it may have been meant as. */
  readonly near: readonly (readonly string[])[];
}

interface Waiting {
  readonly thread: Worker;
  readonly answer: (near: Reply['near']) => void;
}

@Injectable()
export class Spelling implements OnModuleDestroy {
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #asked = 0;

  constructor(
    private readonly log: Pick<Logger, 'warn'>,
    /** Longer for tests alone. */
    private readonly waitMs = WAIT_MS,
  ) {}

  /** The same text where no word is misspelt, or none that is could be another. */
  async read(question: string, counts: Counts): Promise<string> {
    const words = unheldWords(question, counts);
    if (words.length === 0) return question;
    const near = await this.#near(words);
    const meant = words.flatMap((word, at): [string, string][] => {
      const other = meantBy(word, near[at] ?? [], counts);
      return other === undefined ? [] : [[word, other]];
    });
    return reworded(question, new Map(meant));
  }

  async onModuleDestroy(): Promise<void> {
    await this.#end();
  }

  async #near(words: readonly string[]): Promise<Reply['near']> {
    this.#thread ??= this.#begin();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#end(), IDLE_MS).unref();
    this.#asked += 1;
    const number = this.#asked;
    const thread = this.#thread;
    return new Promise((resolve) => {
      const answer = (near: Reply['near']): void => {
        clearTimeout(limit);
        this.#waiting.delete(number);
        resolve(near);
      };
      const limit = setTimeout(() => answer([]), this.waitMs);
      this.#waiting.set(number, { thread, answer });
      thread.postMessage({ number, words });
    });
  }

  #begin(): Worker {
    const thread = new Worker(WORKER_FILE, { execArgv: [], name: 'spelling' });
    thread.unref();
    thread.on('message', ({ number, near }: Reply) => this.#waiting.get(number)?.answer(near));
    thread.on('error', (error) => this.log.warn({ err: error }, 'misspelt questions are read as they stand'));
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = undefined;
      for (const { thread: asked, answer } of this.#waiting.values()) if (asked === thread) answer([]);
    });
    return thread;
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }
}
