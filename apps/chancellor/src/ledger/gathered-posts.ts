// Group commit: callers that come while a statement is on its way share the next one. Nobody waits while nothing is on its way.
// A statement that fails as a whole is repeated one caller at a time, so that what broke it fails alone.
import type { PostOutcome, PostRequest } from './post-request.js';

/** Posts the requests of several callers in one statement; answers in their order. */
export type PostAll = (units: readonly (readonly PostRequest[])[]) => Promise<PostOutcome[]>;

interface Waiting {
  readonly requests: readonly PostRequest[];
  readonly answer: (outcomes: PostOutcome[]) => void;
  readonly fail: (reason: unknown) => void;
}

/** A caller waits at most this long for others before its statement starts, if there is a place for one more. */
const GATHER_MS = 2;
const MOST_REQUESTS = 256;

export class GatheredPosts {
  readonly #waiting: Waiting[] = [];
  #underWay = 0;
  #soon = false;
  #timer: NodeJS.Timeout | undefined;

  /** `places`: statements at once. */
  constructor(
    private readonly postAll: PostAll,
    private readonly places: number,
  ) {}

  post(requests: readonly PostRequest[]): Promise<PostOutcome[]> {
    return new Promise((answer, fail) => {
      this.#waiting.push({ requests, answer, fail });
      if (this.#underWay === 0) this.#startAfterThisTurn();
      else if (this.#underWay < this.places) this.#timer ??= setTimeout(() => this.#start(), GATHER_MS);
    });
  }

  /** Callers of the same turn of the event loop come together, and that costs them nothing. */
  #startAfterThisTurn(): void {
    if (this.#soon) return;
    this.#soon = true;
    setImmediate(() => {
      this.#soon = false;
      this.#start();
    });
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0 || this.#underWay >= this.places) return;
    const taken = this.#take();
    this.#underWay += 1;
    void this.#run(taken).finally(() => {
      this.#underWay -= 1;
      this.#start();
    });
    if (this.#waiting.length > 0) this.#start();
  }

  #take(): Waiting[] {
    let size = 0;
    let count = 0;
    for (const { requests } of this.#waiting) {
      if (count > 0 && size + requests.length > MOST_REQUESTS) break;
      size += requests.length;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #run(taken: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.postAll(taken.map((one) => one.requests));
      let from = 0;
      for (const { requests, answer } of taken) {
        answer(outcomes.slice(from, from + requests.length));
        from += requests.length;
      }
    } catch (reason) {
      if (taken.length === 1) taken[0]?.fail(reason);
      else for (const one of taken) await this.#run([one]);
    }
  }
}
