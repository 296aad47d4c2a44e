// Keeps an answer while it is written: what has come twice a second, and the writer's lease. It says when the answer must end: somebody
// asked for it, or it is not this writer's any more.
import { RecurringWork } from '@labmesh/runtime';
import type { AnswersRepository, Writing } from '../conversations/answers.repository.js';
import type { AnswerDraft } from './answer-draft.js';

export const KEEP_MS = 500;
/** So long a silent writer is believed to be there. */
export const LEASE_MS = 15_000;

export type WhyOver = 'stop asked' | 'lost';

export class AnswerKeeper {
  readonly #over = new AbortController();
  readonly #work: RecurringWork;
  #kept = 0;

  constructor(
    private readonly rows: Pick<AnswersRepository, 'keep' | 'renew'>,
    private readonly writing: Writing,
    private readonly draft: AnswerDraft,
  ) {
    // What cannot be kept now is kept at the next turn; a lease that ends meanwhile is found out there.
    this.#work = new RecurringWork(
      () => this.#turn(),
      KEEP_MS,
      () => undefined,
    );
    this.#work.begin();
  }

  /** Aborted with a `WhyOver`. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  stop(): Promise<void> {
    return this.#work.stop();
  }

  async #turn(): Promise<void> {
    const { changes } = this.draft;
    const kept =
      changes === this.#kept
        ? await this.rows.renew(this.writing)
        : await this.rows.keep(this.writing, this.draft.parts());
    this.#kept = changes;
    if (kept === undefined) this.#end('lost');
    else if (kept.stopAsked) this.#end('stop asked');
  }

  #end(why: WhyOver): void {
    if (!this.#over.signal.aborted) this.#over.abort(why);
  }
}
