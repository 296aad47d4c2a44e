// The Curator's tools for routing: which agents are given which datasets as they land. Part of the contract in curator.ts.
import { z } from 'zod';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { DatasetId, Timestamp, words } from './values.js';

/** Largest packet that is routed without being a dataset, bytes of its JSON. */
export const PACKET_BYTES_MAX = 64 * 1024;
const LIST_MAX = 50;

const Topic = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a topic is small letters, digits and dashes, such as solar-flares');
const AgentName = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);
const RouteId = z.string().regex(/^rt_[a-z0-9-]{1,60}$/, 'a route id looks like rt_ and letters, digits or dashes');
const DeliveryId = z.string().regex(/^dlv_[0-9a-f-]{36}$/);

/** Every word of it must fit; what is left out fits all. */
const RouteMatch = z.object({
  topics: z.array(Topic).max(LIST_MAX).optional().describe('One of these topics'),
  sources: z
    .array(Topic)
    .max(LIST_MAX)
    .optional()
    .describe('Of one of these sources, such as nasa-donki or submission'),
  columns: holds('identifier', z.array(z.string().min(1).max(200)).max(LIST_MAX))
    .optional()
    .describe('Rows that have all these columns by their schema'),
  packets: z.boolean().default(false).describe('Also packets that agents route without storing them'),
});

const Failure = z.object({
  deliveryId: DeliveryId,
  datasetId: DatasetId.nullable(),
  version: z.int().nullable(),
  attempts: z.int(),
  error: z.string(),
  at: Timestamp,
});

const Route = z.object({
  routeId: RouteId,
  name: z.string(),
  to: AgentName,
  match: RouteMatch,
  enabled: z.boolean(),
  delivered: z.int().nonnegative(),
  waiting: z.int().nonnegative(),
  failed: z.int().nonnegative().describe('Given up: see failures; set_route with replay sends them again'),
  lastDeliveredAt: Timestamp.nullable(),
  failures: z.array(Failure).describe('The newest 20 that were given up'),
});

/** What an agent is given: a version of a dataset, or a packet. */
export const Routed = z.object({
  topics: z.array(Topic),
  source: z.string(),
  dataset: z
    .object({
      datasetId: DatasetId,
      version: z.int().positive(),
      name: z.string(),
      description: z.string(),
      format: z.string(),
      rows: z.int().nonnegative(),
      bytes: z.int().nonnegative(),
      sha256: z.string(),
      license: z.string().nullable(),
      origin: z.string().describe('Where the data came from'),
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
      storedAt: Timestamp,
    })
    .optional(),
  packet: z.record(z.string(), z.unknown()).optional(),
});
export type Routed = z.output<typeof Routed>;

export const routeEvents = {
  /** Hears it whoever accepts data; `to` says for whom it is. It comes again until it is settled. */
  data_routed: z.object({
    deliveryId: DeliveryId,
    to: AgentName,
    /** Known to nobody but who was given the data: it settles the delivery. */
    proof: z.string(),
    data: Routed,
  }),
};

export const routeTools = {
  list_routes: defineTool({
    title: 'List the routes of data',
    description:
      'Which agents are given which datasets as they land: how many deliveries arrived, wait, or were given up, and why.',
    keywords: [
      'where does data go',
      'deliveries',
      'dead letters',
      'subscriptions of agents',
      'what did not arrive',
      'who gets which data',
      'failed or undelivered data',
    ],
    effect: 'read',
    permission: 'dataset:read',
    input: z.object({ routeId: RouteId.optional() }),
    output: z.object({
      routes: z.array(Route),
      agents: z.array(AgentName).describe('Agents that accept data'),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  set_route: defineTool({
    title: 'Set a route of data',
    description:
      'Makes, changes, switches off or removes a route: new versions of the lab’s datasets that fit are given to the agent, again until it has taken them. replay sends again what was given up, or everything that fits.',
    keywords: [
      'deliver data to an agent',
      'forward datasets',
      'retry failed deliveries',
      'send every new table to an agent automatically',
      'subscribe an agent to data',
      'pass data on',
      'pipeline',
    ],
    effect: 'write',
    idempotent: true,
    about: ['routeId'],
    permission: 'route:write',
    input: z.object({
      routeId: RouteId.optional().describe('Of the route to change; a new one when left out'),
      name: words(120).optional(),
      to: AgentName.optional().describe('The agent; list_routes tells which accept data'),
      match: RouteMatch.optional(),
      enabled: z.boolean().optional(),
      replay: z.enum(['failed', 'all']).optional(),
      remove: z.boolean().optional(),
    }),
    output: z.object({ route: Route.nullable().describe('Null once it is removed'), replayed: z.int().nonnegative() }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 10_000,
  }),
  route_data_to_agent: defineTool({
    title: 'Route data to the agents that want it',
    description: 'For other agents: gives a packet, or a version of a dataset, to every agent whose route fits.',
    effect: 'write',
    visibility: 'internal',
    idempotent: true,
    about: ['datasetId'],
    permission: 'dataset:write',
    input: z.object({
      packetId: z.uuid().optional().describe('The same for the same packet: it is routed once'),
      topics: z.array(Topic).max(LIST_MAX).default([]),
      source: Topic.default('packet'),
      packet: holds('data', z.record(z.string(), z.unknown())).optional(),
      datasetId: DatasetId.optional(),
      version: z.int().positive().optional(),
    }),
    output: z.object({ deliveries: z.array(z.object({ deliveryId: DeliveryId, routeId: RouteId, to: AgentName })) }),
    errors: ['not_found', 'too_large'],
    timeoutMs: 5_000,
  }),
  settle_delivery: defineTool({
    title: 'Settle a delivery',
    description:
      'For other agents: they have taken what they were given, or cannot. The proof they were given is the right.',
    effect: 'write',
    visibility: 'internal',
    idempotent: true,
    needed: true,
    permission: null,
    input: z.object({
      deliveryId: DeliveryId,
      proof: z.string().min(1).max(100),
      outcome: z.enum(['taken', 'refused', 'failed']).describe('refused: it will never take it; failed: try again'),
      error: z.string().max(1_000).optional(),
    }),
    output: z.object({
      settled: z.boolean().describe('False when another attempt is under way, or it was settled before'),
    }),
    errors: [],
    timeoutMs: 5_000,
  }),
};
