// Turns a contract and its handlers into a Nest module's metadata. What an agent module says is only what it needs and who handles what.

import { BLOBS, BlobCollector, BlobReferences, type Blobs } from '@labmesh/blobs';
import type { Bus } from '@labmesh/bus';
import type {
  AgentContract,
  BlobHandler,
  BlobsSpec,
  EventRefs,
  Handlers,
  Listeners,
  PromptHandlers,
  ResourceHandlers,
} from '@labmesh/contracts';
import { DATABASE, type Database, Outbox } from '@labmesh/db';
import { BUS, LAB_CONFIG, type LabConfig, LOGGER, type Logger, ResourceChanges } from '@labmesh/runtime';
import type { DynamicModule, FactoryProvider, InjectionToken, ModuleMetadata, Provider, Type } from '@nestjs/common';
import { AgentClients } from './agent-clients.js';
import { AGENT_PROCESS } from './agent-process.js';
import { announcing, type ChangesOf } from './announcing.js';
import { BlobUpkeep } from './blob-upkeep.js';
import { controllerOf } from './controller.js';
import type { HandlerFactory } from './handler-parts.js';
import { type OperationSources, operationHandlers } from './operation-handlers.js';
import { OutboxRunner } from './outbox-runner.js';

/** Required when the contract declares any, absent when it declares none. */
type Declared<K extends string, S, H> = keyof S extends never
  ? { readonly [Key in K]?: never }
  : { readonly [Key in K]: HandlerFactory<H> };

export type AgentWiring<A extends AgentContract, E extends EventRefs> = Wiring<A, E> &
  Declared<'resources', A['resources'], ResourceHandlers<A['resources']>> &
  Declared<'prompts', A['prompts'], PromptHandlers<A['prompts']>> &
  ([A['blobs']] extends [BlobsSpec] ? { readonly blobs: HandlerFactory<BlobHandler> } : { readonly blobs?: never });

interface Wiring<A extends AgentContract, E extends EventRefs> {
  readonly imports?: Array<Type | DynamicModule>;
  readonly providers?: Provider[];
  readonly tools: HandlerFactory<Handlers<A['tools']>>;
  readonly events?: HandlerFactory<Listeners<E>> & { readonly listens: E };
  /** What a tool has changed of the agent's resources, told to who follows them. */
  readonly changes?: ChangesOf<A>;
  /** Provides `Outbox` for this agent's schema, and relays it while the process runs. */
  readonly outbox?: boolean;
  readonly exports?: InjectionToken[];
}

/**
 * Metadata of an agent's module: `@Module(agentModule(curator, { ... })) export class CuratorModule {}`.
 * BUS, DATABASE, BLOBS, LAB_CONFIG and LOGGER come from the process; AgentClients is this agent's own, and so is BlobReferences
 * where the contract says that it keeps files.
 */
export function agentModule<A extends AgentContract, E extends EventRefs = Record<never, never>>(
  contract: A,
  wiring: AgentWiring<A, E>,
): ModuleMetadata {
  const {
    resources = NOTHING,
    prompts = NOTHING,
    blobs = NOTHING,
  } = wiring as Partial<Record<'resources' | 'prompts' | 'blobs', HandlerFactory<object>>>;
  assertHeard(contract, wiring.events?.listens ?? {});
  const from = [wiring.tools, resources, prompts, blobs];
  const sources = ['tools', 'resources', 'prompts', 'blobs'].map((kind) => Symbol(`${contract.name} ${kind}`));
  const tokens = {
    handlers: Symbol(`${contract.name} handlers`),
    listeners: Symbol(`${contract.name} listeners`),
    process: AGENT_PROCESS,
  };
  return {
    imports: wiring.imports ?? [],
    controllers: [controllerOf(contract, wiring.events?.listens ?? {}, tokens)],
    providers: [
      ...(wiring.providers ?? []),
      ...sources.map((token, at) => factory(token, from[at] ?? NOTHING)),
      factory(tokens.handlers, {
        inject: [...sources, ResourceChanges],
        useFactory: handlerTable(contract, wiring.changes ?? {}),
      }),
      factory(tokens.listeners, wiring.events ?? NOTHING),
      { provide: AgentClients, inject: [BUS], useFactory: (bus: Bus) => new AgentClients(bus, contract.name) },
      ...(wiring.outbox === true ? outboxProviders(contract.name) : []),
      ...(contract.keepsFiles ? fileProviders(contract.name) : []),
    ],
    exports: wiring.exports ?? [],
  };
}

/** At the broker an agent may hear what its contract says, and nothing else. */
function assertHeard({ name, hears }: AgentContract, listens: EventRefs): void {
  const unsaid = Object.values(listens).find((event) => hears[event.agent]?.includes(event.name) !== true);
  if (unsaid !== undefined)
    throw new Error(`The ${name} listens to ${unsaid.agent}.${unsaid.name}: say so in its contract, under "hears"`);
}

const NOTHING: HandlerFactory<object> = { inject: [], useFactory: () => ({}) };

const factory = (provide: symbol, from: HandlerFactory<unknown>): FactoryProvider => ({
  provide,
  inject: from.inject,
  useFactory: from.useFactory as (...deps: unknown[]) => unknown,
});

/** Tools, resources, prompts and blobs are one table of handlers to the controller. */
const handlerTable =
  (contract: AgentContract, told: ChangesOf<AgentContract>) =>
  (
    ...[tools, resources, prompts, blobs, changes]: [
      object,
      OperationSources['resources'],
      OperationSources['prompts'],
      OperationSources['blobs'],
      ResourceChanges,
    ]
  ): object => ({
    ...announcing(tools, told, changes),
    ...operationHandlers(contract, { resources, prompts, blobs }),
  });

const outboxProviders = (agent: string): Provider[] => [
  {
    provide: Outbox,
    inject: [DATABASE, BUS, LOGGER],
    useFactory: (database: Database, bus: Bus, log: Logger) =>
      new Outbox(database, agent, (subject, envelope) => bus.publishEnvelope(subject, envelope), log.child({ agent })),
  },
  OutboxRunner,
];

/** An agent's content in the place for bytes, and who names it: its schema has the tables for that. */
const fileProviders = (agent: string): Provider[] => [
  {
    provide: BlobReferences,
    inject: [DATABASE, BLOBS, LAB_CONFIG],
    useFactory: (database: Database, blobs: Blobs, { fileQuotas: quotas }: LabConfig) =>
      new BlobReferences({ database, store: blobs.of(agent), agent, quotas }),
  },
  {
    provide: BlobCollector,
    inject: [DATABASE, BlobReferences],
    useFactory: (database: Database, references: BlobReferences) => new BlobCollector({ database, references }),
  },
  BlobUpkeep,
];
