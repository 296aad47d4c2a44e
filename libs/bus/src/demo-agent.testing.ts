// An agent for the bus's own tests: one Nest controller that answers, streams, fails and listens on request.
import 'reflect-metadata';
import { AppError } from '@labmesh/contracts';
import { Controller, Module, type Type, UseFilters } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type BaseRpcContext,
  Ctx,
  EventPattern,
  MessagePattern,
  type MicroserviceOptions,
  Payload,
  RpcException,
} from '@nestjs/microservices';
import { Observable } from 'rxjs';
import { AppErrorFilter } from './app-error-filter.js';
import { headersOf } from './call-headers.js';

export const demo = (tool: string): string => `labmesh.demo.${tool}`;

/** What one replica saw, and the gates its handlers wait at. */
export class Replica {
  readonly cancels: Array<{ callId: unknown; headers: Readonly<Record<string, string>> }> = [];
  readonly calls: unknown[] = [];
  readonly shared = { list: [1, 2, 3] };
  #open: () => void = () => {};
  readonly gate = new Promise<void>((resolve) => {
    this.#open = resolve;
  });

  constructor(readonly name = 'one') {}

  openGate(): void {
    this.#open();
  }
}

export function demoAgent(replica: Replica): Type {
  @Controller()
  @UseFilters(AppErrorFilter)
  class DemoAgent {
    @MessagePattern(demo('echo'), { queue: 'demo' })
    async echo(@Payload() body: unknown): Promise<unknown> {
      return body;
    }

    @MessagePattern(demo('who'), { queue: 'demo' })
    who(@Payload() body: unknown): string {
      replica.calls.push(body);
      return replica.name;
    }

    @MessagePattern(demo('headers'), { queue: 'demo' })
    headers(@Ctx() context: BaseRpcContext): unknown {
      return headersOf(context);
    }

    @MessagePattern(demo('shared'), { queue: 'demo' })
    shared(): unknown {
      return replica.shared;
    }

    @MessagePattern(demo('nothing'), { queue: 'demo' })
    nothing(): void {}

    @MessagePattern(demo('refuse'), { queue: 'demo' })
    async refuse(): Promise<never> {
      throw new AppError('insufficient_funds', 'Cannot transfer 5.00: the wallet holds 3.20', {
        details: { held: '3.20' },
      });
    }

    @MessagePattern(demo('refuse_as_nest'), { queue: 'demo' })
    refuseAsNest(): never {
      throw new RpcException({ code: 'conflict', message: 'It is there already' });
    }

    @MessagePattern(demo('break'), { queue: 'demo' })
    break(): never {
      throw new Error('password=hunter2');
    }

    @MessagePattern(demo('unwritable'), { queue: 'demo' })
    unwritable(): unknown {
      return { amount: 1n };
    }

    @MessagePattern(demo('long'), { queue: 'demo' })
    long(@Payload() bytes: number): string {
      return 'x'.repeat(bytes);
    }

    @MessagePattern(demo('wait'), { queue: 'demo' })
    async wait(): Promise<string> {
      replica.calls.push('wait');
      await replica.gate;
      return 'done';
    }

    @MessagePattern(demo('count'), { queue: 'demo' })
    count(@Payload() to: number): Observable<unknown> {
      return new Observable((subscriber) => {
        void (async () => {
          for (let at = 1; at <= to; at += 1) {
            subscriber.next({ progress: { at } });
            if (at % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
          }
          if (to === 13) return subscriber.error(new AppError('upstream_failed', 'Stopped at 13'));
          if (to !== 0) subscriber.next({ result: { done: to } });
          subscriber.complete();
        })();
      });
    }

    @MessagePattern(demo('$describe'), { queue: '' })
    describe(): unknown {
      return { instance: replica.name };
    }

    @EventPattern(demo('$cancel'), { queue: '' })
    cancel(@Payload() body: { callId?: unknown }, @Ctx() context: unknown): void {
      replica.cancels.push({ callId: body.callId, headers: headersOf(context as BaseRpcContext) });
    }
  }
  return DemoAgent;
}

export interface Seen {
  readonly id: string;
  readonly at: string;
  readonly payload: unknown;
}

/** A listener of one event; `handle` decides whether it succeeds. */
export function listenerOf(subject: string, queue: string, handle: (event: Seen) => Promise<void> | void): Type {
  @Controller()
  @UseFilters(AppErrorFilter)
  class Listener {
    @EventPattern(subject, { queue })
    async on(@Payload() event: object): Promise<void> {
      await handle(event as Seen);
    }
  }
  return Listener;
}

/** Runs controllers as a Nest microservice; returns what stops it. */
export async function host(microservice: MicroserviceOptions, controllers: Type[]): Promise<() => Promise<void>> {
  @Module({ controllers })
  class Host {}
  const app = await NestFactory.createMicroservice(Host, { ...microservice, logger: false });
  await app.listen();
  return () => app.close();
}
