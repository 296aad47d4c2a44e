// Typed clients for calling another agent on behalf of a caller: same path, same pipeline, with this agent added to the chain.
import { type Bus } from '@labmesh/bus';
import {
  type AgentContract,
  AppError,
  type Call,
  cancelSubject,
  sentinel,
  type ToolSpec,
  toolSubject,
} from '@labmesh/contracts';
import type { z } from 'zod';
import { putTrace } from './tracing/trace-context.js';

export type AgentClient<A extends AgentContract> = {
  readonly [K in keyof A['tools']]: (
    input: z.input<A['tools'][K]['input']>,
  ) => Promise<z.output<A['tools'][K]['output']>>;
};

export class AgentClients {
  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    /** The agent that calls. */
    private readonly actor: string,
  ) {}

  /**
   * A client of `contract` that acts for `call`'s principal, within its deadline.
   * Each method rejects with the AppError that the other agent answered.
   */
  of<A extends AgentContract>(contract: A, call: Call): AgentClient<A> {
    const methods = Object.entries(contract.tools).map(([tool, spec]) => [
      tool,
      (input: unknown) => this.#call({ agent: contract.name, tool, spec }, input, call),
    ]);
    return Object.fromEntries(methods) as AgentClient<A>;
  }

  async #call(target: { agent: string; tool: string; spec: ToolSpec }, input: unknown, call: Call): Promise<unknown> {
    const { agent, tool, spec } = target;
    const timeoutMs = Math.min(spec.timeoutMs, call.deadline - Date.now());
    if (timeoutMs <= 0) throw new AppError('deadline_exceeded', `No time is left to call ${agent}.${tool}`);
    const headers: Record<string, string> = {
      'call-id': call.id,
      deadline: String(call.deadline),
      pass: await this.#passFor(agent, call),
    };
    putTrace(headers, call);
    const answer = await this.bus.request(toolSubject(agent, tool), input, {
      headers,
      timeoutMs,
      signal: call.signal,
      streaming: spec.progress !== undefined,
      cancelSubject: cancelSubject(agent),
    });
    return spec.output.parse(answer);
  }

  async #passFor(agent: string, call: Call): Promise<string> {
    const tool = sentinel.tools.issue_pass;
    const headers: Record<string, string> = {};
    putTrace(headers, call);
    const answer = await this.bus.request(
      toolSubject(sentinel.name, 'issue_pass'),
      { credential: call.pass, agent, actor: this.actor },
      { headers, timeoutMs: tool.timeoutMs, signal: call.signal },
    );
    return tool.output.parse(answer).pass;
  }
}
