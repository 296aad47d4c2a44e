// News for every process, told again and again for five seconds: a broadcast reaches whoever is there, and some were just away.

import type { Bus } from '@labmesh/bus';
import { BUS } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';

const REPEAT_MS = 250;
const REPEATS = 20;

@Injectable()
export class RepeatedBroadcast implements OnModuleDestroy {
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(@Inject(BUS) private readonly bus: Pick<Bus, 'broadcast'>) {}

  /** Hearing of it twice must change nothing. */
  tell(subject: string, body: object): void {
    let told = 0;
    const timer = setInterval(() => tell(), REPEAT_MS).unref();
    this.#timers.add(timer);
    const tell = (): void => {
      told += 1;
      if (told >= REPEATS) this.#end(timer);
      this.tellOnce(subject, body);
    };
    tell();
  }

  tellOnce(subject: string, body: object): void {
    try {
      this.bus.broadcast(subject, body);
    } catch {
      // The broker is away: told again in a moment.
    }
  }

  onModuleDestroy(): void {
    for (const timer of this.#timers) this.#end(timer);
  }

  #end(timer: NodeJS.Timeout): void {
    clearInterval(timer);
    this.#timers.delete(timer);
  }
}
