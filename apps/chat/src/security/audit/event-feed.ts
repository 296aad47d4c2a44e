// Follows the lab's stream of audit events with fetch, so that the token stays in a header. Comes again after a cut, where it
// was: nothing is missed and nothing comes twice. Ends when the lab says that it is over for this sign-in.
import { type Failure, readFailure, SIGNED_OUT, toFailure } from '../../failure.js';
import { EventText, type ServerEvent } from './event-text.js';
import type { AuditRecord } from './record.js';

export interface FeedHandlers {
  readonly onRecords: (records: readonly AuditRecord[]) => void;
  /** True while the stream is open and the lab feeds it. */
  readonly onLive: (live: boolean) => void;
  /** It will not come again. */
  readonly onEnd: (failure: Failure) => void;
}

export interface Feed {
  readonly token: string;
  /** Cursor to go on after. */
  readonly after: string;
  readonly wanted: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const RETRY_MS = 1_000;
const RETRY_MAX_MS = 15_000;
/** Keep-alives come every ten seconds: a stream that is silent for longer than this is dead. */
const SILENCE_MS = 25_000;

/** Codes after which asking again brings nothing. */
const FINAL = new Set(['unauthenticated', 'forbidden', 'invalid_input']);

/** Resolves when the signal aborts or the lab ended it for good. */
export async function followEvents(feed: Feed, handlers: FeedHandlers): Promise<void> {
  const reader = new EventText();
  reader.lastId = feed.after;
  let failures = 0;
  while (!feed.signal.aborted) {
    const failure = await readOnce(feed, reader, {
      ...handlers,
      onLive: (live) => {
        if (live) failures = 0;
        handlers.onLive(live);
      },
    });
    if (feed.signal.aborted) return;
    handlers.onLive(false);
    if (failure && FINAL.has(failure.code)) return handlers.onEnd(failure);
    await pause(Math.min(RETRY_MAX_MS, (reader.retryMs ?? RETRY_MS) * 2 ** failures), feed.signal);
    failures += 1;
  }
}

/** One connection, as long as it lasts. Answers why it ended, if the lab said so. */
async function readOnce(feed: Feed, reader: EventText, handlers: FeedHandlers): Promise<Failure | undefined> {
  const over = new AbortController();
  const end = () => over.abort();
  feed.signal.addEventListener('abort', end, { once: true });
  let silence = setTimeout(end, SILENCE_MS);
  try {
    const query = new URLSearchParams(feed.wanted);
    const response = await fetch(new URL(`audit/events?${query}`, document.baseURI), {
      headers: { authorization: `Bearer ${feed.token}`, 'last-event-id': reader.lastId },
      credentials: 'omit',
      cache: 'no-store',
      signal: over.signal,
    });
    if (response.status === 401) return SIGNED_OUT;
    if (!response.ok || !response.body)
      return (
        readFailure(await response.json()) ?? { code: `http_${response.status}`, message: 'The stream was refused.' }
      );
    const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader();
    // What a cut left half is sent again.
    const fresh = new EventText();
    fresh.lastId = reader.lastId;
    handlers.onLive(true);
    for (;;) {
      const { done, value } = await chunks.read();
      if (done) return undefined;
      clearTimeout(silence);
      silence = setTimeout(end, SILENCE_MS);
      const events = fresh.push(value);
      reader.lastId = fresh.lastId;
      reader.retryMs = fresh.retryMs ?? reader.retryMs;
      const ended = takeEvents(events, handlers);
      if (ended) return ended;
    }
  } catch (thrown) {
    return feed.signal.aborted ? undefined : toFailure(thrown);
  } finally {
    clearTimeout(silence);
    feed.signal.removeEventListener('abort', end);
  }
}

function takeEvents(events: readonly ServerEvent[], { onRecords, onLive }: FeedHandlers): Failure | undefined {
  const records = events.filter(({ event }) => event === 'record').map(({ data }) => JSON.parse(data) as AuditRecord);
  if (records.length > 0) {
    onLive(true);
    onRecords(records);
  }
  for (const { event, data } of events) {
    if (event === 'waiting') onLive(false);
    if (event === 'end')
      return readFailure(JSON.parse(data)) ?? { code: 'ended', message: 'The lab ended the stream.' };
  }
  return undefined;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
