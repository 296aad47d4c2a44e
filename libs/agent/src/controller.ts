// Generates an agent's Nest controller from its contract: one message pattern per tool,
// resource and prompt, and the patterns every agent answers.
// Nest does the transport and the injection; what happens to a call is the pipeline's business.

import { AppErrorFilter, Cancellation, headersOf, readCallHeaders, toAnswer } from '@labmesh/bus';
import {
  type AgentContract,
  AppError,
  cancelSubject,
  describeSubject,
  type EventEnvelope,
  type EventRefs,
  eventSubject,
  operationsOf,
  type ToolSpec,
  toAppError,
  toolSubject,
} from '@labmesh/contracts';
import { Controller, Inject, type Type, UseFilters } from '@nestjs/common';
import { type BaseRpcContext, Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { Observable } from 'rxjs';
import type { AgentProcess } from './agent-process.js';
import { NOBODY, type ToolHandler, type ToolRun } from './pipeline/tool-run.js';

export interface AgentTokens {
  readonly handlers: symbol;
  readonly listeners: symbol;
  readonly process: symbol;
}

type AnyListener = (payload: unknown, event: EventEnvelope) => Promise<void> | void;

interface Generated {
  readonly handlers: Readonly<Record<string, ToolHandler>>;
  readonly listeners: Readonly<Record<string, AnyListener>>;
  readonly process: AgentProcess;
}

type Method = (this: Generated, payload: unknown, context: BaseRpcContext) => unknown;
/** What Nest's event patterns want of a method; its message patterns want nothing. */
type Decorate = (
  target: object,
  name: string,
  descriptor: TypedPropertyDescriptor<(payload: object, ...rest: unknown[]) => unknown>,
) => unknown;

/** Puts a method on the generated class, as a decorator on written code would find it. */
function method(target: Type, name: string, body: Method, decorator: Decorate): void {
  Object.defineProperty(target.prototype, name, { value: body, configurable: true, writable: true });
  const descriptor = Object.getOwnPropertyDescriptor(target.prototype, name);
  if (descriptor === undefined) throw new Error(`no method ${name}`);
  decorator(target.prototype, name, descriptor);
  Payload()(target.prototype, name, 0);
  Ctx()(target.prototype, name, 1);
}

export function controllerOf(contract: AgentContract, listens: EventRefs, tokens: AgentTokens): Type {
  class AgentController implements Generated {
    constructor(
      readonly handlers: Generated['handlers'],
      readonly listeners: Generated['listeners'],
      readonly process: AgentProcess,
    ) {
      process.contracts.add(contract);
    }
  }
  Inject(tokens.handlers)(AgentController, undefined, 0);
  Inject(tokens.listeners)(AgentController, undefined, 1);
  Inject(tokens.process)(AgentController, undefined, 2);

  const operations = operationsOf(contract).map(({ tool, spec }) => [tool, spec] as const);
  for (const [tool, spec] of [...Object.entries(contract.tools), ...operations]) {
    method(
      AgentController,
      `tool:${tool}`,
      answer(contract.name, tool, spec),
      MessagePattern(toolSubject(contract.name, tool), { queue: contract.name }),
    );
  }
  for (const [name, event] of Object.entries(listens)) {
    method(
      AgentController,
      `event:${name}`,
      listen(name, event.payload),
      EventPattern(eventSubject(event), { queue: contract.name }),
    );
  }
  method(
    AgentController,
    'cancel',
    function (payload) {
      const callId = (payload as { callId?: unknown } | null)?.callId;
      if (typeof callId === 'string') this.process.running.cancel(callId);
    },
    EventPattern(cancelSubject(contract.name), { queue: '' }),
  );
  method(
    AgentController,
    'describe',
    function () {
      return this.process.describe(contract);
    },
    MessagePattern(describeSubject(contract.name), { queue: '' }),
  );

  UseFilters(AppErrorFilter)(AgentController);
  Controller()(AgentController);
  return AgentController;
}

/** The answer with the receipt of its record, and a failure too. */
async function receipted(run: ToolRun, answered: Promise<unknown>): Promise<unknown> {
  try {
    const output = await answered;
    return toAnswer(run.headers, { output, receipt: run.receipt });
  } catch (error) {
    const { code, message, details } = toAppError(error);
    throw run.receipt === undefined
      ? error
      : new AppError(code, message, { cause: error, details, receipt: run.receipt });
  }
}

const listen = (name: string, payloadSchema: EventRefs[string]['payload']) =>
  async function (this: Generated, payload: unknown): Promise<void> {
    const listener = this.listeners[name];
    if (listener === undefined) throw new Error(`no listener for ${name}`);
    const event = payload as EventEnvelope;
    await listener(payloadSchema.parse(event.payload), event);
  };

const answer = (agent: string, tool: string, spec: ToolSpec) =>
  function (this: Generated, body: unknown, context: BaseRpcContext): unknown {
    const headers = readCallHeaders(headersOf(context));
    const start = (onProgress: (chunk: unknown) => void): Promise<unknown> => {
      const handler = this.handlers[tool];
      if (handler === undefined) throw new Error(`no handler for ${agent}.${tool}`);
      const abort = new Cancellation();
      const done = this.process.running.add(headers.callId ?? '', abort);
      const run: ToolRun = {
        agent,
        tool,
        spec,
        headers,
        body,
        handler,
        onProgress,
        cancelled: abort,
        principal: NOBODY,
        chain: [],
        input: undefined,
        deadline: 0,
      };
      const answered = this.process.run(run).finally(done);
      return headers.wantsReceipt ? receipted(run, answered) : answered;
    };
    if (spec.progress === undefined) return start(() => {});
    return new Observable((subscriber) => {
      start((progress) => subscriber.next({ progress })).then(
        (result) => {
          subscriber.next({ result });
          subscriber.complete();
        },
        (error: unknown) => subscriber.error(error),
      );
    });
  };
