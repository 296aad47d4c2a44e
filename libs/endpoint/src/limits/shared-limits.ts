// Replicas share their limits by telling each other about once a second what each wallet spent and has under way.
// A refusal never waits for this. Without news from a replica its calls under way are forgotten; what it spent stays spent.

import { randomUUID } from 'node:crypto';
import { type Bus, SPENT_SUBJECT } from '@labmesh/bus';
import { BUS } from '@labmesh/runtime';
import { Controller, Inject, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { CallLimits } from './call-limits.js';

export const TELL_EVERY_MS = 1_000;
/** A replica that was not heard for this long has nothing under way any more. */
const FORGET_MS = 3 * TELL_EVERY_MS;
/** Nobody listens for the empty answers; this only bounds how long they are awaited. */
const ANSWERS_MS = 50;
/** Most accounts in one message; the rest follow in more messages. */
const ACCOUNTS_MAX = 2_000;

const Accounts = z.array(z.tuple([z.string().max(200), z.number().int().min(1).max(10_000_000)])).max(ACCOUNTS_MAX);
const News = z.object({
  from: z.string().max(100),
  spent: Accounts,
  /** All that is under way, on the first message of a round only. */
  busy: Accounts.optional(),
});

interface Replica {
  heardMs: number;
  busy: Map<string, number>;
}

@Controller()
export class SharedLimits implements OnModuleInit, OnModuleDestroy {
  readonly #me = randomUUID();
  readonly #replicas = new Map<string, Replica>();
  #toldBusy = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CallLimits) private readonly limits: CallLimits,
    @Inject(BUS) private readonly bus: Pick<Bus, 'scatter'>,
  ) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.tell(), TELL_EVERY_MS).unref();
  }

  /** The last news leave with the process. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.tell();
  }

  /** Every replica answers, with nothing: the bus's way to reach them all. */
  @MessagePattern(SPENT_SUBJECT, { queue: '' })
  hear(@Payload() news: unknown): null {
    const parsed = News.safeParse(news);
    if (!parsed.success || parsed.data.from === this.#me) return null;
    const { from, spent, busy } = parsed.data;
    for (const [key, count] of spent) this.limits.hear(key, { count });
    if (busy !== undefined) this.#nowBusy(from, new Map(busy));
    return null;
  }

  /** Tells what is new; silent while nothing is. A message that is lost leaves its second uncounted elsewhere. */
  async tell(): Promise<void> {
    this.#forgetSilent();
    const spent = this.limits.takeUntold();
    const busy = this.limits.busyNow().slice(0, ACCOUNTS_MAX);
    if (spent.length === 0 && busy.length === 0 && !this.#toldBusy) return;
    this.#toldBusy = busy.length > 0;
    const messages = [{ from: this.#me, spent: spent.slice(0, ACCOUNTS_MAX), busy }, ...this.#rest(spent)];
    await Promise.allSettled(
      messages.map((news) => this.bus.scatter(SPENT_SUBJECT, news, { headers: {}, windowMs: ANSWERS_MS })),
    );
  }

  #rest(spent: Array<[string, number]>): Array<{ from: string; spent: Array<[string, number]> }> {
    const messages = [];
    for (let at = ACCOUNTS_MAX; at < spent.length; at += ACCOUNTS_MAX)
      messages.push({ from: this.#me, spent: spent.slice(at, at + ACCOUNTS_MAX) });
    return messages;
  }

  #nowBusy(from: string, busy: Map<string, number>): void {
    const before = this.#replicas.get(from)?.busy ?? new Map<string, number>();
    for (const key of new Set([...before.keys(), ...busy.keys()]))
      this.limits.hear(key, { busyBy: (busy.get(key) ?? 0) - (before.get(key) ?? 0) });
    if (busy.size === 0) this.#replicas.delete(from);
    else this.#replicas.set(from, { heardMs: performance.now(), busy });
  }

  #forgetSilent(): void {
    const before = performance.now() - FORGET_MS;
    for (const [from, { heardMs }] of [...this.#replicas]) if (heardMs < before) this.#nowBusy(from, new Map());
  }
}
