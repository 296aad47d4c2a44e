// The audit log as the lab sees it: records come in by event, and are read in pages or live. Nothing is changed or removed.
import type { Call, CallRecord, sentinel, ToolInput, ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { type AuditEntry, AuditRepository } from './audit.repository.js';

type Request = ToolInput<(typeof sentinel.tools)['audit_log_stream']>;
type Answer = ToolOutput<(typeof sentinel.tools)['audit_log_stream']>;

/** How often a follower looks by itself: records that another replica stored wake nobody here. */
const POLL_MS = 250;
/** Time kept back from the caller's deadline, so that the answer still arrives. */
const ANSWER_MS = 500;

@Injectable()
export class AuditLog {
  readonly #waiting = new Set<() => void>();
  #stored = 0;

  constructor(@Inject(AuditRepository) private readonly repository: AuditRepository) {}

  /** Resolves when the records are durable; then wakes whoever follows. The same records may come twice. */
  async record(records: readonly CallRecord[]): Promise<void> {
    await this.repository.append(records);
    this.#stored += 1;
    for (const wake of [...this.#waiting]) wake();
  }

  /**
   * audit_log_stream: what is there, then, while following, what comes, until `limit` records, the time or the caller ends it.
   * The answer's cursor is past everything that was looked at, so the next read never sees a record twice or skips one.
   */
  async *stream(request: Request, call: Call): AsyncGenerator<{ records: AuditEntry[] }, Answer, void> {
    const { after, limit, followSeconds, ...filter } = request;
    const until = Math.min(Date.now() + followSeconds * 1_000, call.deadline - ANSWER_MS);
    const records: AuditEntry[] = [];
    let cursor = after === undefined ? undefined : BigInt(after);
    for (;;) {
      const stored = this.#stored;
      const newest = await this.repository.newestCursor();
      if (cursor === undefined || newest > cursor) {
        const page: AuditEntry[] = await this.repository.page(cursor, filter, limit - records.length);
        records.push(...page);
        cursor = this.#reached({ cursor, newest, full: records.length >= limit, last: page.at(-1) });
        if (followSeconds > 0 && page.length > 0) yield { records: page };
      }
      const leftMs = until - Date.now();
      if (records.length >= limit || leftMs <= 0 || call.signal.aborted) return { records, cursor: cursor.toString() };
      await this.#arrival(stored, Math.min(POLL_MS, leftMs), call.signal);
    }
  }

  /** A full page ends at its last record. One that is not full has seen all up to `newest`, which was read before it. */
  #reached(seen: { cursor: bigint | undefined; newest: bigint; full: boolean; last: AuditEntry | undefined }): bigint {
    const last = seen.last ? BigInt(seen.last.cursor) : (seen.cursor ?? 0n);
    return seen.full || last > seen.newest ? last : seen.newest;
  }

  /** Resolves at the next record stored in this process (at once if one came since `stored`), the time, or the end of the call. */
  #arrival(stored: number, waitMs: number, signal: AbortSignal): Promise<void> {
    if (this.#stored !== stored || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
