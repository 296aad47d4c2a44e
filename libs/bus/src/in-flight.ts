// Counts what is under way, so that closing can wait for it.

/** How long closing waits for work under way, milliseconds. */
export const DRAIN_MS = 10_000;

export class InFlight {
  #count = 0;
  #wake: Array<() => void> = [];

  enter(): void {
    this.#count += 1;
  }

  leave(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** Resolves when nothing is under way, or after `limitMs`. */
  async idle(limitMs = DRAIN_MS): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
