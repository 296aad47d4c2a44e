// One call's way: its route, whether this caller may, then the agent or the lab. The lab is called with this service's own token, so
// nobody gets through here what their own wallet may not: the caller's rights are looked at first.
import { Inject, Injectable } from '@nestjs/common';
import { type Caller, contract, type Handlers, type ToolName } from '../agent/contract.js';
import { FlaresAgent } from '../agent/flares.agent.js';
import type { Config } from '../config.js';
import { Failure } from '../failure.js';
import { Lab } from '../lab/lab.js';
import { Sentinel } from '../lab/sentinel.js';
import { CONFIG, ROUTES } from '../tokens.js';
import { labToolOf, type Route, type Routes } from './routes.js';

@Injectable()
export class Router {
  readonly #handlers: Handlers;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(ROUTES) private readonly routes: Routes,
    agent: FlaresAgent,
    private readonly lab: Lab,
    private readonly sentinel: Sentinel,
  ) {
    this.#handlers = agent.handlers;
  }

  /** The routes whose tools this caller sees. */
  routesOf(caller: Caller): Route[] {
    return [...this.routes.values()].filter((route) => holds(caller, route));
  }

  /** @throws Failure */
  async call(name: string, input: Readonly<Record<string, unknown>>, caller: Caller): Promise<Record<string, unknown>> {
    const route = this.routes.get(name);
    if (route === undefined || !holds(caller, route))
      throw new Failure(
        'not_found',
        `There is no tool ${name} for this token.`,
        'List the tools to see those there are.',
      );
    await this.#decided(caller, labToolOf(route));
    return route.to === 'agent' ? this.#own(name as ToolName, input, caller) : this.lab.call(name, input);
  }

  async #own<T extends ToolName>(name: T, input: unknown, caller: Caller): Promise<Record<string, unknown>> {
    const { input: schema, output } = contract[name];
    // Each handler takes what its own schema gives; that the two belong together only the contract's type knows.
    const handler = this.#handlers[name] as (given: unknown, caller: Caller) => Promise<unknown>;
    return output.parse(await handler(schema.parse(input), caller)) as Record<string, unknown>;
  }

  /** What the token says is up to an hour old; the lab knows now. @throws Failure forbidden */
  async #decided({ walletId }: Caller, tool: string | undefined): Promise<void> {
    if (tool === undefined || this.config.decisions === 'token') return;
    const { allowed, reason } = await this.sentinel.may(walletId, tool);
    if (!allowed) throw new Failure('forbidden', reason, 'Ask the lab’s operator for the right.');
  }
}

/** A toolset has names of the lab's tools alone: what asks nothing of the lab is not held to it. */
function holds({ permissions, toolset }: Caller, route: Route): boolean {
  const tool = labToolOf(route);
  return (
    permissions.includes(route.permission) && (toolset === undefined || tool === undefined || toolset.includes(tool))
  );
}
