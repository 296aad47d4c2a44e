// Tells, within this process, that datasets changed: whoever looks after what landed need not wait for its next look.
import { Injectable } from '@nestjs/common';

@Injectable()
export class Arrivals {
  readonly #listeners: Array<() => void> = [];

  /** `listener` must not throw. */
  whenChanged(listener: () => void): void {
    this.#listeners.push(listener);
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
