// The audit log as the lab sees it: records come in by event, and are read in pages or live. Nothing is changed or removed.

import {
  AppError,
  type AuditPage,
  type Call,
  type CallRecord,
  type sentinel,
  severityOf,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { METRICS, type Metrics } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { type AuditEntry, AuditRepository } from './audit.repository.js';
import { shown } from './audit-search.js';
import { LogTail } from './log-tail.js';
import { TreeSigning } from './tree-signing.js';

type Request = ToolInput<(typeof sentinel.tools)['audit_log_stream']>;
type Answer = ToolOutput<(typeof sentinel.tools)['audit_log_stream']>;

type Following = ToolInput<(typeof sentinel.tools)['follow_audit_log']>;

/** Time kept back from the caller's deadline, so that the answer still arrives. */
const ANSWER_MS = 500;
/** How often a follower hears how far its log was looked at, when nothing comes. */
const SIGN_OF_LIFE_MS = 3_000;

@Injectable()
export class AuditLog {
  readonly #listeners = new Set<() => void>();

  constructor(
    @Inject(AuditRepository) private readonly repository: AuditRepository,
    @Inject(TreeSigning) private readonly signing: Pick<TreeSigning, 'soon'>,
    @Inject(LogTail) private readonly tail: LogTail,
    @Inject(METRICS) private readonly metrics: Pick<Metrics, 'auditRecord'>,
  ) {}

  /** Resolves when the records are durable; then wakes whoever follows. The same records may come twice. */
  async record(records: readonly CallRecord[]): Promise<void> {
    const added = await this.repository.append(records);
    this.signing.soon();
    this.tail.stored();
    for (const listener of this.#listeners) listener();
    // A batch comes again whole: then nothing of it was added.
    if (added > 0) for (const record of records) this.metrics.auditRecord(severityOf(record), record.decision);
  }

  /** Calls `listener` whenever this process stored records. It must return at once. */
  onStored(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /**
   * audit_log_stream: what is there, then, while following, what comes, until `limit` records, the time or the caller ends it.
   * Whoever follows without a place gets the newest records first, and `limit` more of those that come.
   * The answer's cursor is past everything that was looked at, so the next read never sees a record twice or skips one.
   */
  async *stream(request: Request, call: Call): AsyncGenerator<Pick<Answer, 'records'>, Answer, void> {
    const { after, limit, followSeconds, ...filter } = request;
    const until = Math.min(Date.now() + followSeconds * 1_000, call.deadline - ANSWER_MS);
    const records: Answer['records'] = [];
    let cursor = after === undefined ? undefined : BigInt(after);
    let room = limit;
    const joined = followSeconds > 0 ? await this.tail.join() : undefined;
    try {
      for (;;) {
        const newest = await this.repository.newestCursor();
        if (cursor !== undefined && cursor > newest) throw beyond(cursor, newest);
        if (cursor === undefined || newest > cursor) {
          const page: Answer['records'] = (await this.repository.page(cursor, filter, room)).map(shown);
          records.push(...page);
          const isBefore = cursor === undefined && followSeconds > 0;
          cursor = this.#reached({ cursor, newest, full: page.length >= room, last: page.at(-1) });
          if (!isBefore) room -= page.length;
          if (followSeconds > 0 && page.length > 0) yield { records: page };
        }
        const leftMs = until - Date.now();
        if (room === 0 || leftMs <= 0 || call.signal.aborted) return { records, cursor: cursor.toString() };
        await this.tail.arrival(cursor, leftMs, call.signal);
      }
    } finally {
      joined?.leave();
    }
  }

  /**
   * follow_audit_log: what comes behind a place, and how far was looked, until the time or the caller ends it. Whoever goes
   * on after the last cursor it was told misses nothing and sees nothing twice.
   */
  async *follow(
    { after, followSeconds, ...filter }: Following,
    call: Call,
  ): AsyncGenerator<AuditPage, { cursor: string }, void> {
    const until = Math.min(Date.now() + followSeconds * 1_000, call.deadline - ANSWER_MS);
    const { newest, leave } = await this.tail.join();
    try {
      let cursor = after === undefined ? newest : BigInt(after);
      if (cursor > newest) throw beyond(cursor, newest);
      yield { records: [], cursor: cursor.toString() };
      let toldMs = Date.now();
      for (;;) {
        const page = await this.tail.behind(cursor, filter);
        cursor = page.cursor;
        if (page.records.length > 0 || Date.now() - toldMs >= SIGN_OF_LIFE_MS) {
          yield { records: page.records, cursor: cursor.toString() };
          toldMs = Date.now();
        }
        const leftMs = until - Date.now();
        if (leftMs <= 0 || call.signal.aborted) return { cursor: cursor.toString() };
        await this.tail.arrival(cursor, Math.min(SIGN_OF_LIFE_MS, leftMs), call.signal);
      }
    } finally {
      leave();
    }
  }

  /** A full page ends at its last record. One that is not full has seen all up to `newest`, which was read before it. */
  #reached(seen: {
    cursor: bigint | undefined;
    newest: bigint;
    full: boolean;
    last: Pick<AuditEntry, 'cursor'> | undefined;
  }): bigint {
    const last = seen.last ? BigInt(seen.last.cursor) : (seen.cursor ?? 0n);
    return seen.full || last > seen.newest ? last : seen.newest;
  }
}

const beyond = (cursor: bigint, newest: bigint): AppError =>
  new AppError(
    'invalid_input',
    `Cannot read the audit log after ${cursor}: it ends at ${newest}. Leave "after" out to begin with what is newest.`,
  );
