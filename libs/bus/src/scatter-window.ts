// Collects the answers of all replicas for a while. Replicas that answer nothing, or fail, are left out.
import type { Responder, ScatterOptions } from './bus.js';

export class ScatterWindow {
  readonly answers: Promise<Responder[]>;
  readonly #found: Responder[] = [];
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #finish!: (found: Responder[]) => void;

  constructor(private readonly options: ScatterOptions) {
    this.answers = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#timer = setTimeout(() => this.close(), options.windowMs);
  }

  add(body: unknown): void {
    if (body === undefined) return;
    this.#found.push({ body, latencyMs: performance.now() - this.#startedAt });
    if (this.options.expected !== undefined && this.#found.length >= this.options.expected) this.close();
  }

  /** Nothing more will come, or nobody waits for it. */
  close(): void {
    clearTimeout(this.#timer);
    this.#finish([...this.#found]);
  }
}
