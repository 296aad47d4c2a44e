// The Nest transport for agents that live in the process of their callers. Calls handlers directly: no broker, no rxjs
// unless a handler streams or fails.
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, type Observable } from 'rxjs';
import { InFlight } from '../in-flight.js';
import { carry } from '../json-copy.js';
import { type EventListener, eventListener, type NestHandler, runToEnd } from '../nest-handlers.js';
import type { PendingCall } from '../pending-call.js';
import type { InProcessContext } from './in-process-context.js';
import type { Answer, Switchboard } from './switchboard.js';

export class InProcessServer extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('IN_PROCESS');
  /** A listener's failure goes back to the publisher, so Nest need not log it. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #listening: EventListener[] = [];
  readonly #flight = new InFlight();
  #arrived: Array<() => void> = [];
  #leave: Array<() => void> = [];

  constructor(
    private readonly switchboard: Switchboard,
    private readonly name: string,
  ) {
    super();
  }

  /** Unlike Nest's own, keeps listeners of one subject apart: each has its own queue. */
  override addHandler(
    pattern: unknown,
    handler: MessageHandler,
    isEvent = false,
    extras: { readonly queue?: unknown } = {},
  ): void {
    if (!isEvent) {
      super.addHandler(pattern, handler, false, extras);
      return;
    }
    const subject = this.normalizePattern(pattern as string);
    const queue = typeof extras.queue === 'string' ? extras.queue : this.name;
    this.#listening.push(eventListener(subject, handler as NestHandler, queue));
    this.#arrived.push(this.switchboard.expect(subject));
  }

  listen(callback: () => void): void {
    for (const [pattern, handler] of this.messageHandlers) {
      const answer: Answer = (data, context, call) => {
        void this.#answer(handler as NestHandler, data, { context, call });
      };
      this.#leave.push(this.switchboard.requests.add(pattern, handler.extras?.queue || undefined, answer));
    }
    for (const { pattern, queue, durable, handler } of this.#listening) {
      const group = queue === '' ? undefined : `${queue} ${pattern}`;
      const deliver = (data: unknown, context: InProcessContext) => this.#deliver(handler, data, context);
      this.#leave.push(this.switchboard.events.add(pattern, group, { durable, deliver }));
    }
    for (const arrived of this.#arrived.splice(0)) arrived();
    callback();
  }

  /** Waits for work under way first: it may still need the other agents of this process. */
  async close(): Promise<void> {
    await this.#flight.idle();
    for (const leave of this.#leave.splice(0)) leave();
    for (const arrived of this.#arrived.splice(0)) arrived();
  }

  on(): never {
    throw new Error('an in-process transport has no connection to report on');
  }

  unwrap<T>(): T {
    return this.switchboard as T;
  }

  async #answer(
    handler: NestHandler,
    data: unknown,
    { context, call }: { context: InProcessContext; call: PendingCall },
  ): Promise<void> {
    this.#flight.enter();
    try {
      const value = await handler(data, context);
      if (isObservable(value)) await this.#stream(value, call);
      else call.receive(carry(value, 'answer', call.subject));
      call.complete();
    } catch (thrown) {
      call.fail(thrown);
    } finally {
      this.#flight.leave();
    }
  }

  /** Like the network, goes on to the end when nobody waits any more; only `$cancel` stops a handler. */
  #stream(values: Observable<unknown>, call: PendingCall): Promise<void> {
    return new Promise((resolve, reject) => {
      values.subscribe({
        next: (value) => {
          try {
            call.receive(carry(value, 'answer', call.subject));
          } catch (thrown) {
            call.fail(thrown);
          }
        },
        error: (thrown: unknown) => {
          try {
            reject(thrown instanceof Error ? thrown : carry(thrown, 'error', call.subject));
          } catch (uncarriable) {
            reject(uncarriable);
          }
        },
        complete: resolve,
      });
    });
  }

  async #deliver(handler: NestHandler, data: unknown, context: InProcessContext): Promise<void> {
    this.#flight.enter();
    try {
      await runToEnd(handler, data, context);
    } finally {
      this.#flight.leave();
    }
  }
}
