// Turns a contract and its handlers into a Nest module's metadata. What an agent module says is only what it needs and who handles what.

import type { Bus } from '@labmesh/bus';
import type { AgentContract, EventRefs, Handlers, Listeners } from '@labmesh/contracts';
import { DATABASE, type Database, Outbox } from '@labmesh/db';
import type { DynamicModule, FactoryProvider, InjectionToken, ModuleMetadata, Provider, Type } from '@nestjs/common';
import { AgentClients } from './agent-clients.js';
import { AGENT_PROCESS } from './agent-process.js';
import { controllerOf } from './controller.js';
import { BUS } from './injection-tokens.js';
import { LOGGER, type Logger } from './log.js';
import { OutboxRunner } from './outbox-runner.js';

export interface AgentWiring<A extends AgentContract, E extends EventRefs> {
  readonly imports?: Array<Type | DynamicModule>;
  readonly providers?: Provider[];
  readonly tools: { inject: InjectionToken[]; useFactory: (...deps: never[]) => Handlers<A['tools']> };
  readonly events?: { listens: E; inject: InjectionToken[]; useFactory: (...deps: never[]) => Listeners<E> };
  /** Provides `Outbox` for this agent's schema, and relays it while the process runs. */
  readonly outbox?: boolean;
  readonly exports?: InjectionToken[];
}

/**
 * Metadata of an agent's module: `@Module(agentModule(curator, { ... })) export class CuratorModule {}`.
 * BUS, DATABASE, LAB_CONFIG and LOGGER come from the process; AgentClients is this agent's own.
 */
export function agentModule<A extends AgentContract, E extends EventRefs = Record<never, never>>(
  contract: A,
  wiring: AgentWiring<A, E>,
): ModuleMetadata {
  const tokens = {
    handlers: Symbol(`${contract.name} handlers`),
    listeners: Symbol(`${contract.name} listeners`),
    process: AGENT_PROCESS,
  };
  const factory = (
    provide: symbol,
    from: { inject: InjectionToken[]; useFactory: (...deps: never[]) => unknown },
  ): FactoryProvider => ({
    provide,
    inject: from.inject,
    useFactory: from.useFactory as (...deps: unknown[]) => unknown,
  });
  return {
    imports: wiring.imports ?? [],
    controllers: [controllerOf(contract, wiring.events?.listens ?? {}, tokens)],
    providers: [
      ...(wiring.providers ?? []),
      factory(tokens.handlers, wiring.tools),
      factory(tokens.listeners, wiring.events ?? { inject: [], useFactory: () => ({}) }),
      { provide: AgentClients, inject: [BUS], useFactory: (bus: Bus) => new AgentClients(bus, contract.name) },
      ...(wiring.outbox === true ? outboxProviders(contract.name) : []),
    ],
    exports: wiring.exports ?? [],
  };
}

const outboxProviders = (agent: string): Provider[] => [
  {
    provide: Outbox,
    inject: [DATABASE, BUS, LOGGER],
    useFactory: (database: Database, bus: Bus, log: Logger) =>
      new Outbox(database, agent, (subject, envelope) => bus.publishEnvelope(subject, envelope), log.child({ agent })),
  },
  OutboxRunner,
];
