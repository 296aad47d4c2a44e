// Lets one at a time use the embedded database's single connection, in the order they asked.

export class Turns {
  readonly #queue: Array<() => void> = [];
  #taken = false;

  async acquire(): Promise<void> {
    if (!this.#taken) {
      this.#taken = true;
      return;
    }
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  release(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#taken = false;
  }
}
