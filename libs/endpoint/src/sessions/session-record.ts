// What a session is, wherever it is served: enough to go on with it on another replica. Holds no credential.
import { LOG_LEVELS, type LogLevel } from '@labmesh/contracts';
import { z } from 'zod';

/** Most addresses that one session, or one stream, follows. */
export const SUBSCRIPTIONS_MAX = 100;

export const SessionRecord = z.object({
  /** Whose it is: to others it does not exist. */
  walletId: z.string().max(100),
  /** The endpoint it was opened at; at another it does not exist either. */
  endpoint: z.string().max(100),
  protocolVersion: z.string().max(40),
  capabilities: z.record(z.string(), z.unknown()),
  clientInfo: z.object({ name: z.string(), version: z.string() }).loose(),
  /** What initialize asked for holds for the whole session; null for everything. */
  toolsets: z.string().max(1_000).nullable(),
  /** What a client that never said wants to hear: null for everything. */
  logLevel: z.enum(LOG_LEVELS).nullable(),
  subscriptions: z.array(z.string()).max(SUBSCRIPTIONS_MAX),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

/** Whether a message of `level` is told to who asked for `wanted`. */
export const isWanted = (level: LogLevel, wanted: LogLevel | null): boolean =>
  wanted === null || LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(wanted);

/** What the handler of a request may know and change of the session it came in. */
export interface OwnSession {
  readonly logLevel: LogLevel | null;
  readonly subscriptions: readonly string[];
  /** Resolves when every replica will find it so. @throws AppError unavailable, or not_found when it has ended */
  change(next: (record: SessionRecord) => SessionRecord): Promise<void>;
}
