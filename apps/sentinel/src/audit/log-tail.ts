// The end of the audit log in memory, read once for all who follow it: however many there are, a process asks the database
// a few times a second, and not at all while nobody follows. What it holds is only ever read from the log.
import { SEVERITIES, type AuditEntry as ShownEntry, severityOf } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { type AuditEntry, type AuditFilter, AuditRepository } from './audit.repository.js';
import { shown } from './audit-search.js';

/** How often it looks by itself: records that another replica stored are told to nobody here. */
const POLL_MS = 250;
/** Records kept; whoever is further behind reads from the database. */
const KEPT_MAX = 2_000;
/** Records of one answer. */
const PAGE = 200;

export type LiveFilter = Omit<AuditFilter, 'callId' | 'from' | 'to'>;

export interface LogPage {
  readonly records: ShownEntry[];
  /** All up to here was looked at. */
  readonly cursor: bigint;
}

@Injectable()
export class LogTail {
  /** Behind this place everything up to the newest is kept here. */
  #base = 0n;
  #newest = 0n;
  #kept: ShownEntry[] = [];
  #followers = 0;
  #ready: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #again = false;
  readonly #waiting = new Set<() => void>();

  constructor(@Inject(AuditRepository) private readonly repository: Pick<AuditRepository, 'newestCursor' | 'page'>) {}

  /** The newest place, for somebody who follows from now on; `leave` when done. Rejects when the log cannot be read. */
  async join(): Promise<{ readonly newest: bigint; readonly leave: () => void }> {
    this.#followers += 1;
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      this.#followers -= 1;
      if (this.#followers === 0) this.#stop();
    };
    try {
      this.#ready ??= this.#start();
      await this.#ready;
      return { newest: this.#newest, leave };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Something was stored by this process: whoever follows shall not wait for the next look. */
  stored(): void {
    if (this.#followers > 0) void this.#look();
  }

  /** What is behind a place, in order, and how far it looked. Empty when nothing is. */
  async behind(after: bigint, filter: LiveFilter): Promise<LogPage> {
    const newest = this.#newest;
    if (after >= newest) return { records: [], cursor: after };
    if (after >= this.#base) return this.#fromKept(after, filter);
    const page = (await this.repository.page(after, filter, PAGE)).map(shown);
    const last = BigInt(page.at(-1)?.cursor ?? after);
    return { records: page, cursor: page.length === PAGE || last > newest ? last : newest };
  }

  /** Resolves when there is something behind this place, at the latest after `waitMs` or when the signal aborts. */
  arrival(after: bigint, waitMs: number, signal: AbortSignal): Promise<void> {
    if (this.#newest > after || signal.aborted) return Promise.resolve();
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

  #fromKept(after: bigint, filter: LiveFilter): LogPage {
    // From the end: who follows is nearly always close to it.
    const from = this.#kept.findLastIndex(({ cursor }) => BigInt(cursor) <= after) + 1;
    const page = this.#kept.slice(from, from + PAGE);
    const last = page.at(-1);
    return {
      records: page.filter((record) => fits(record, filter)),
      cursor: last === undefined ? this.#newest : BigInt(last.cursor),
    };
  }

  async #start(): Promise<void> {
    try {
      this.#newest = await this.repository.newestCursor();
    } catch (error) {
      this.#ready = undefined;
      throw error;
    }
    this.#base = this.#newest;
    this.#kept = [];
    clearInterval(this.#timer);
    if (this.#followers > 0) this.#timer = setInterval(() => void this.#look(), POLL_MS).unref();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#ready = undefined;
  }

  /** One look at a time; who asks meanwhile gets another one right after. A look that fails is made again by the clock. */
  async #look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = true;
    try {
      do {
        this.#again = false;
        const page = await this.repository.page(this.#newest, {}, PAGE);
        this.#take(page);
        this.#again ||= page.length === PAGE;
      } while (this.#again && this.#followers > 0);
    } catch {
      // Whoever follows hears nothing new meanwhile, and misses nothing: the next look goes on where this one began.
    } finally {
      this.#looking = false;
    }
  }

  #take(page: readonly AuditEntry[]): void {
    const fresh = page.filter(({ cursor }) => BigInt(cursor) > this.#newest);
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.#kept.push(...fresh.map(shown));
    const over = this.#kept.length - KEPT_MAX;
    if (over > 0) this.#base = BigInt(this.#kept.splice(0, over).at(-1)?.cursor ?? this.#base);
    this.#newest = BigInt(last.cursor);
    for (const wake of [...this.#waiting]) wake();
  }
}

/** As the database would have it. */
function fits(record: ShownEntry, { severity, ...equal }: LiveFilter): boolean {
  if (severity !== undefined && SEVERITIES.indexOf(severityOf(record)) < SEVERITIES.indexOf(severity)) return false;
  return Object.entries(equal).every(
    ([name, wanted]) => wanted === undefined || record[name as keyof typeof equal] === wanted,
  );
}
