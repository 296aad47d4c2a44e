// Those who wait for something to happen, for a while. Whoever wakes them says nothing: they look for themselves.
export class Waiters {
  readonly #waiting = new Set<() => void>();

  /** Resolves at the next `wake`, or after so many milliseconds. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiting.add(done);
    });
  }

  wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}
