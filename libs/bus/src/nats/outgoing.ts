// Holds requests and answers back until the end of this turn of the event loop, so that all of them leave in one write:
// the system call costs more than everything else about a small message. Alone, a message waits microseconds.

export class Outgoing {
  #waiting: Array<() => void> = [];
  readonly #send = (): void => this.send();

  /** @param publish hands one message to the connection; must not throw */
  add(publish: () => void): void {
    if (this.#waiting.push(publish) === 1) setImmediate(this.#send);
  }

  /** Sends what waits, in order. The connection itself writes once per turn. */
  send(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const publish of waiting) publish();
  }
}
