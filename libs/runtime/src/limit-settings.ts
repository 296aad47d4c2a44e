// What a deployment may set about protection, with defaults that suit a lab. Zero means no limit.
import { z } from 'zod';
import { setting } from './setting.js';

export interface LimitSettings {
  /** Calls of one wallet a second, and at once after a pause. */
  readonly perSecond: number;
  readonly burst: number;
  /** Calls of one wallet under way at the same time. */
  readonly concurrent: number;
  /** Calls of one tool under way at the same time in one process, whoever makes them. */
  readonly toolConcurrent: number;
  /** Open event streams of one wallet. */
  readonly streams: number;
  /** Open event streams of all wallets in one process. */
  readonly streamsTotal: number;
  readonly failedAuthPerMinute: number;
  readonly connections: number;
  readonly connectionsPerAddress: number;
}

export interface DrainSettings {
  /** How long a stopping process still takes new requests, so that load balancers see it go. */
  readonly leadMs: number;
  /** How long calls under way may go on after that. */
  readonly boundMs: number;
}

export const DEFAULT_LIMITS: LimitSettings = Object.freeze({
  perSecond: 100,
  burst: 200,
  concurrent: 64,
  toolConcurrent: 1_024,
  streams: 256,
  streamsTotal: 10_000,
  failedAuthPerMinute: 60,
  connections: 20_000,
  connectionsPerAddress: 2_000,
});

/** A mesh has load balancers that must notice; one process has none. */
const MESH_LEAD_MS = 1_000;
const DRAIN_MS = 10_000;

const count = (most: number, without: number | string, description: string) =>
  setting(z.coerce.number().int().min(0).max(most).optional(), {
    without: typeof without === 'number' ? `\`${without}\`` : without,
    description,
  });

export const LIMIT_VARIABLES = {
  LABMESH_RATE_PER_SECOND: count(
    1_000_000,
    DEFAULT_LIMITS.perSecond,
    'Calls of one wallet a second, see [limits.md](limits.md). 0 means no limit, here and below.',
  ),
  LABMESH_RATE_BURST: count(10_000_000, 'twice the rate', 'Calls of one wallet at once, after a pause.'),
  LABMESH_CONCURRENCY: count(1_000_000, DEFAULT_LIMITS.concurrent, 'Calls of one wallet under way at the same time.'),
  LABMESH_TOOL_CONCURRENCY: count(
    1_000_000,
    DEFAULT_LIMITS.toolConcurrent,
    'Calls of one tool under way in one process, whoever makes them.',
  ),
  LABMESH_STREAMS: count(1_000_000, DEFAULT_LIMITS.streams, 'Open event streams of one wallet.'),
  LABMESH_STREAMS_TOTAL: count(
    1_000_000,
    DEFAULT_LIMITS.streamsTotal,
    'Open event streams in one process. Each costs memory and a file descriptor ([performance.md](performance.md)).',
  ),
  LABMESH_FAILED_AUTH_PER_MINUTE: count(
    1_000_000,
    DEFAULT_LIMITS.failedAuthPerMinute,
    'Failed attempts of one address to say who it is.',
  ),
  LABMESH_CONNECTIONS: count(1_000_000, DEFAULT_LIMITS.connections, 'Open HTTP connections of a process.'),
  LABMESH_CONNECTIONS_PER_ADDRESS: count(
    1_000_000,
    DEFAULT_LIMITS.connectionsPerAddress,
    'Open HTTP connections from one address.',
  ),
  LABMESH_DRAIN_LEAD_MS: count(
    300_000,
    `\`${MESH_LEAD_MS}\` with \`NATS_URL\`, else \`0\``,
    'How long a stopping process still takes new requests.',
  ),
  LABMESH_DRAIN_MS: count(300_000, DRAIN_MS, 'How long calls under way may go on after that.'),
};

type Variables = { readonly [K in keyof typeof LIMIT_VARIABLES]?: number | undefined };

/** The burst follows the rate unless it is set: twice a second's calls. */
export function limitSettings(set: Variables): LimitSettings {
  const perSecond = set.LABMESH_RATE_PER_SECOND ?? DEFAULT_LIMITS.perSecond;
  return Object.freeze({
    perSecond,
    burst: set.LABMESH_RATE_BURST ?? perSecond * 2,
    concurrent: set.LABMESH_CONCURRENCY ?? DEFAULT_LIMITS.concurrent,
    toolConcurrent: set.LABMESH_TOOL_CONCURRENCY ?? DEFAULT_LIMITS.toolConcurrent,
    streams: set.LABMESH_STREAMS ?? DEFAULT_LIMITS.streams,
    streamsTotal: set.LABMESH_STREAMS_TOTAL ?? DEFAULT_LIMITS.streamsTotal,
    failedAuthPerMinute: set.LABMESH_FAILED_AUTH_PER_MINUTE ?? DEFAULT_LIMITS.failedAuthPerMinute,
    connections: set.LABMESH_CONNECTIONS ?? DEFAULT_LIMITS.connections,
    connectionsPerAddress: set.LABMESH_CONNECTIONS_PER_ADDRESS ?? DEFAULT_LIMITS.connectionsPerAddress,
  });
}

export const drainSettings = (set: Variables, mesh: boolean): DrainSettings =>
  Object.freeze({
    leadMs: set.LABMESH_DRAIN_LEAD_MS ?? (mesh ? MESH_LEAD_MS : 0),
    boundMs: set.LABMESH_DRAIN_MS ?? DRAIN_MS,
  });
