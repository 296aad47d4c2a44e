// Session records where every replica finds them. Writes only over what was read, so that two replicas lose nothing of each other.
import { type KeyValue, type KeyValueOptions, sessionRecords } from '@labmesh/bus';
import { AppError, gateway } from '@labmesh/contracts';
import { SessionRecord } from './session-record.js';

/** A session that nobody uses for this long ends. */
export const IDLE_MS = 60 * 60_000;
/** Bytes of all records: at the gateway, and at an agent's own endpoint, where few open a session. */
const RECORDS_BYTES_MAX = 64 * 1024 * 1024;
export const OWN_BYTES_MAX = 8 * 1024 * 1024;
/** Where all replicas of one app keep their sessions. */
export const recordsOf = (app: string): KeyValueOptions => ({
  name: sessionRecords(app),
  ttlMs: IDLE_MS,
  maxBytes: app === gateway.name ? RECORDS_BYTES_MAX : OWN_BYTES_MAX,
});
/** Writers that meet try again this often. */
const TRIES_MAX = 10;

export interface KeptSession {
  readonly record: SessionRecord;
  readonly revision: number;
}

export class SessionStore {
  constructor(private readonly store: KeyValue) {}

  /** undefined for a session that never was, or has ended. @throws AppError unavailable */
  async find(id: string): Promise<KeptSession | undefined> {
    if (!/^[\w-]{1,64}$/.test(id)) return undefined;
    const entry = await this.store.get(id);
    const { data } = SessionRecord.safeParse(entry?.value);
    return entry === undefined || data === undefined ? undefined : { record: data, revision: entry.revision };
  }

  async open(id: string, record: SessionRecord): Promise<KeptSession> {
    const revision = await this.store.put(id, record, 0);
    if (revision === undefined) throw new AppError('conflict', 'Cannot open a session: its id is taken. Try again.');
    return { record, revision };
  }

  /** @throws AppError not_found when it has ended */
  async change(id: string, next: (record: SessionRecord) => SessionRecord): Promise<KeptSession> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const found = await this.find(id);
      if (found === undefined) throw new AppError('not_found', 'Session not found: open a new one with initialize');
      const record = next(found.record);
      const revision = await this.store.put(id, record, found.revision);
      if (revision !== undefined) return { record, revision };
    }
    throw new AppError('conflict', 'Cannot change the session: others change it at the same time. Try again.');
  }

  end(id: string): Promise<void> {
    return this.store.remove(id);
  }
}
