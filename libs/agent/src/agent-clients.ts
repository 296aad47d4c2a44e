// Typed clients for calling another agent on behalf of a caller: same path, same pipeline, with this agent added to the chain.

import { type Bus, callHeaders, withTrace } from '@labmesh/bus';
import {
  type AgentContract,
  AppError,
  blobOperation,
  type Call,
  cancelSubject,
  OpenedBlob,
  type ToolSpec,
  toolSubject,
} from '@labmesh/contracts';
import { askSentinel } from '@labmesh/identity';
import type { z } from 'zod';

/** The tools of `B` that `A` declares it needs. */
type Needed<A extends AgentContract, B extends AgentContract> = B['name'] extends keyof A['needs']
  ? Extract<keyof B['tools'], A['needs'][B['name']][number]>
  : never;

export type AgentClient<A extends AgentContract, Tools extends keyof A['tools'] = keyof A['tools']> = {
  readonly [K in Tools]: (input: z.input<A['tools'][K]['input']>) => Promise<z.output<A['tools'][K]['output']>>;
};

/** `A` is the agent that calls: what its contract does not say it needs does not compile, and gets no pass. */
export class AgentClients<A extends AgentContract = AgentContract> {
  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    /** The agent that calls. */
    private readonly actor: string,
  ) {}

  /**
   * A client of `contract` that acts for `call`'s principal, within its deadline.
   * Each method rejects with the AppError that the other agent answered.
   */
  of<B extends AgentContract>(contract: B, call: Call): AgentClient<B, Needed<A, B>> {
    const methods = Object.entries(contract.tools).map(([tool, spec]) => [
      tool,
      (input: unknown) => this.#call({ agent: contract.name, tool, spec }, input, call),
    ]);
    return Object.fromEntries(methods) as AgentClient<B, Needed<A, B>>;
  }

  /** Where the bytes of another agent's blob lie, if the caller may read it. This agent's contract says that it needs `blob:open` there. */
  async openBlob(contract: AgentContract, blobId: string, call: Call): Promise<OpenedBlob> {
    const operation = blobOperation(contract);
    if (operation === undefined)
      throw new AppError('not_found', `Cannot open the blob ${blobId}: ${contract.title} has none.`);
    return OpenedBlob.parse(await this.#call(operation, { blobId }, call));
  }

  async #call(target: { agent: string; tool: string; spec: ToolSpec }, input: unknown, call: Call): Promise<unknown> {
    const { agent, tool, spec } = target;
    const timeoutMs = Math.min(spec.timeoutMs, call.deadline - Date.now());
    if (timeoutMs <= 0) throw new AppError('deadline_exceeded', `No time is left to call ${agent}.${tool}`);
    const headers = callHeaders({
      callId: call.id,
      deadline: call.deadline,
      pass: await this.#passFor(agent, call),
      // What the other agent asks reaches the client too, and comes back to this agent first.
      answers: call.answers,
      trace: call,
    });
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
    const wanted = { credential: call.pass, agent, actor: this.actor };
    const travel = { headers: withTrace({}, call), signal: call.signal };
    return (await askSentinel(this.bus, 'issue_pass', wanted, travel)).pass;
  }
}
