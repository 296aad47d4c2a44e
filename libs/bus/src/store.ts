// What processes keep together for a while: values by key, and logs of what happened by topic. Both forget by age and by size.
// Nothing here is for data that must not be lost: that belongs in a database.

export interface KeyValueOptions {
  /** One name is one store, for every process of the mesh: letters, digits and dashes. */
  readonly name: string;
  /** A value that was not written for so long is gone, milliseconds. */
  readonly ttlMs: number;
  /** Bytes of all values together. */
  readonly maxBytes: number;
}

export interface KeyValueEntry {
  readonly value: unknown;
  /** Names this state of the value; grows with each write. */
  readonly revision: number;
}

/** Keys are letters, digits, dashes and underscores. Every rejection is an AppError: `unavailable` without a broker. */
export interface KeyValue {
  get(key: string): Promise<KeyValueEntry | undefined>;
  /**
   * Writes over the state that was read: `revision` is that entry's, 0 where there was none. Resolves with the new
   * revision, or with undefined when somebody else wrote in between: then nothing is changed.
   */
  put(key: string, value: unknown, revision: number): Promise<number | undefined>;
  remove(key: string): Promise<void>;
}

export interface EventLogOptions {
  readonly name: string;
  /** Older events are forgotten, milliseconds. */
  readonly ttlMs: number;
  /** Bytes of all events together; the oldest go first. */
  readonly maxBytes: number;
  /** Events of one topic; the oldest go first. */
  readonly maxPerTopic: number;
}

export interface LoggedEvent {
  /** Grows along the log: later events of a topic have higher ones. */
  readonly position: number;
  readonly value: unknown;
}

/** A topic is `<group>.<name>`, each of letters, digits, dashes and underscores. Every rejection is an AppError. */
export interface EventLog {
  /** Resolves with the event's position as soon as every process can read it. */
  append(topic: string, value: unknown): Promise<number>;
  /** What is kept of a topic behind `position`, oldest first, `limit` events at most. */
  read(topic: string, position: number, limit: number): Promise<LoggedEvent[]>;
  /** Forgets all topics of a group. */
  forget(group: string): Promise<void>;
}
