// When things that must wait for the process to serve may begin: after every handler and listener is bound.
export class Lifecycle {
  readonly #starts: Array<() => void> = [];
  #serving = false;

  /** Runs `start` once the process serves; at once when it already does. */
  onServing(start: () => void): void {
    if (this.#serving) start();
    else this.#starts.push(start);
  }

  serve(): void {
    this.#serving = true;
    for (const start of this.#starts.splice(0)) start();
  }
}
