// The records that the Audit view shows: what the log has, then what comes. Holds them still while somebody reads.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../../failure.js';
import { callFor, type Outcome } from '../../mcp/connection.js';
import { type Lab, useLab } from '../../mcp/lab.js';
import { followEvents } from './event-feed.js';
import { type AuditRecord, joined } from './record.js';

const QUERY = 'sentinel_audit_query';
const PAGE = 500;
/** Pages fetched at first, so that the picture has its whole span where the lab is not too busy. */
const FIRST_PAGES = 4;
const RECORDS_MAX = 5_000;
/** What comes live is shown this often at most. */
const SHOW_EVERY_MS = 250;

export interface RecordQuestion {
  /** Filters as the lab's tools take them, empty ones left out. */
  readonly wanted: Readonly<Record<string, string>>;
  /** ISO times; undefined: open at that end. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Follow what comes. */
  readonly live: boolean;
  /** Unix milliseconds: how far back the first pages should reach. */
  readonly reachMs: number;
}

export interface Records {
  readonly records: readonly AuditRecord[];
  readonly loading: boolean;
  readonly failure: Failure | undefined;
  /** The stream is open and fed. */
  readonly live: boolean;
  readonly ended: Failure | undefined;
  /** Came while paused, not shown yet. */
  readonly held: number;
  readonly paused: boolean;
  readonly setPaused: (paused: boolean) => void;
  /** The log has more behind the last one. */
  readonly more: boolean;
  readonly older: () => void;
}

interface Page {
  readonly records: readonly AuditRecord[];
  readonly next?: string;
}

const EMPTY: Page & { readonly failure?: Failure; readonly loading: boolean } = { records: [], loading: true };

/** Pages, newest first, until they reach back far enough. */
async function firstPages({ connection }: Lab, question: RecordQuestion, signal: AbortSignal): Promise<Outcome<Page>> {
  const { wanted, from, to, reachMs } = question;
  let records: readonly AuditRecord[] = [];
  let next: string | undefined;
  for (let page = 0; page < FIRST_PAGES; page += 1) {
    const input = { ...wanted, from, to, limit: PAGE, before: next };
    const outcome = await callFor<Page>(connection, { name: QUERY, input, signal });
    if (!outcome.ok) return outcome;
    records = [...records, ...outcome.value.records];
    next = outcome.value.next;
    const oldest = records.at(-1);
    if (next === undefined || !oldest || Date.parse(oldest.at) < reachMs) break;
  }
  return { ok: true, value: { records, ...(next === undefined ? {} : { next }) } };
}

interface Taking {
  readonly signal: AbortSignal;
  readonly onPage: (page: typeof EMPTY) => void;
  readonly onRecords: (records: readonly AuditRecord[]) => void;
  readonly onLive: (live: boolean) => void;
  readonly onEnd: (failure: Failure) => void;
}

/** What the log has, then what comes, a few times a second at most, until the signal aborts. */
async function takeRecords(lab: Lab, asked: RecordQuestion, taking: Taking): Promise<void> {
  const { signal, onPage, onRecords, onLive, onEnd } = taking;
  const outcome = await firstPages(lab, asked, signal);
  if (signal.aborted) return;
  if (!outcome.ok) return onPage({ records: [], failure: outcome.failure, loading: false });
  onPage({ ...outcome.value, loading: false });
  if (!asked.live) return;
  let waiting: AuditRecord[] = [];
  const show = setInterval(() => {
    if (waiting.length > 0 && !signal.aborted) onRecords(waiting);
    waiting = [];
  }, SHOW_EVERY_MS);
  const after = outcome.value.records[0]?.cursor ?? '0';
  const feed = { fetch: lab.fetch, after, wanted: asked.wanted, signal };
  await followEvents(feed, {
    onRecords: (records) => waiting.push(...records),
    onLive,
    onEnd,
  });
  clearInterval(show);
}

export function useRecords(question: RecordQuestion): Records {
  const lab = useLab();
  const [page, setPage] = useState(EMPTY);
  const [held, setHeld] = useState<readonly AuditRecord[]>([]);
  const [paused, setPaused] = useState(false);
  const [live, setLive] = useState(false);
  const [ended, setEnded] = useState<Failure>();
  const isPaused = useRef(paused);
  isPaused.current = paused;
  const { connection } = lab;
  const json = JSON.stringify(question);

  const add = useCallback((records: readonly AuditRecord[]) => {
    if (isPaused.current) setHeld((now) => joined(now, records, RECORDS_MAX));
    else setPage((now) => ({ ...now, records: joined(now.records, records, RECORDS_MAX) }));
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the question is compared by what it says
  useEffect(() => {
    const controller = new AbortController();
    setPage((now) => ({ records: now.records, loading: true }));
    setHeld([]);
    setEnded(undefined);
    const { signal } = controller;
    const taking = { signal, onPage: setPage, onRecords: add, onLive: setLive, onEnd: setEnded };
    void takeRecords(lab, JSON.parse(json) as RecordQuestion, taking);
    return () => {
      controller.abort();
      setLive(false);
    };
  }, [connection, json, add]);

  const older = () => {
    const { wanted, from, to } = question;
    const input = { ...wanted, from, to, limit: PAGE, before: page.next };
    setPage((now) => ({ ...now, loading: true }));
    void callFor<Page>(connection, { name: QUERY, input }).then((outcome) =>
      setPage((now) =>
        outcome.ok
          ? { ...outcome.value, records: joined(now.records, outcome.value.records, Infinity), loading: false }
          : { ...now, failure: outcome.failure, loading: false },
      ),
    );
  };
  const pause = (stop: boolean) => {
    setPaused(stop);
    if (stop) return;
    setPage((now) => ({ ...now, records: joined(now.records, held, RECORDS_MAX) }));
    setHeld([]);
  };
  const { next, ...shown } = page;
  return {
    records: shown.records,
    failure: shown.failure,
    loading: shown.loading,
    live,
    ended,
    held: held.length,
    paused,
    setPaused: pause,
    more: next !== undefined,
    older,
  };
}
