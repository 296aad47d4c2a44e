// Follows a stream of server-sent events of the lab's with fetch, so that the token stays in a header. Comes again after a cut,
// where it was: nothing is missed and nothing comes twice. Ends when the lab says that it is over for this sign-in.
import { type Failure, readFailure, SIGNED_OUT, toFailure } from '../failure.js';
import type { LabFetch } from '../session/lab-fetch.js';
import { EventText, type ServerEvent } from './event-text.js';
import { pause } from './pause.js';

export interface EventStream {
  /** Address below the lab's own, such as `audit/events?tool=…`. */
  readonly path: string;
  readonly fetch: LabFetch;
  /** Cursor to go on after. */
  readonly after: string;
  readonly signal: AbortSignal;
}

export interface StreamHandlers {
  /** In their order. `end` and `waiting` are told as what they mean, too. */
  readonly onEvents: (events: readonly ServerEvent[]) => void;
  /** True while the stream is open and the lab feeds it. */
  readonly onLive: (live: boolean) => void;
  /** It will not come again; undefined: all of it was told. */
  readonly onEnd: (failure: Failure | undefined) => void;
}

const RETRY_MS = 1_000;
const RETRY_MAX_MS = 15_000;
/** Keep-alives come every ten seconds: a stream that is silent for longer than this is dead. */
const SILENCE_MS = 25_000;

/** Codes after which asking again brings nothing. */
const FINAL = new Set(['forbidden', 'invalid_input', 'not_found']);
/** The lab's word for the end of what there was to tell. */
const COMPLETE = 'complete';

/** Resolves when the signal aborts or the lab ended it for good. */
export async function followStream(stream: EventStream, handlers: StreamHandlers): Promise<void> {
  const reader = new EventText();
  reader.lastId = stream.after;
  let failures = 0;
  const onLive = (live: boolean) => {
    if (live) failures = 0;
    handlers.onLive(live);
  };
  while (!stream.signal.aborted) {
    const ended = await readOnce(stream, reader, { ...handlers, onLive });
    if (stream.signal.aborted) return;
    handlers.onLive(false);
    if (ended === COMPLETE) return handlers.onEnd(undefined);
    // A stream ends with the token that it was opened with, and goes on with the next one.
    if (ended === SIGNED_OUT || (ended && FINAL.has(ended.code))) return handlers.onEnd(ended);
    await pause(Math.min(RETRY_MAX_MS, (reader.retryMs ?? RETRY_MS) * 2 ** failures), stream.signal);
    failures += 1;
  }
}

type Ended = Failure | typeof COMPLETE | undefined;

/** One connection, as long as it lasts. Answers why it ended, if the lab said so. */
async function readOnce(stream: EventStream, reader: EventText, handlers: StreamHandlers): Promise<Ended> {
  const over = new AbortController();
  const end = () => over.abort();
  stream.signal.addEventListener('abort', end, { once: true });
  let silence = setTimeout(end, SILENCE_MS);
  try {
    const response = await stream.fetch(new URL(stream.path, document.baseURI), {
      headers: reader.lastId === '' ? {} : { 'last-event-id': reader.lastId },
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
      const ended = taken(events, handlers);
      if (ended) return ended;
    }
  } catch (thrown) {
    return stream.signal.aborted ? undefined : toFailure(thrown);
  } finally {
    clearTimeout(silence);
    stream.signal.removeEventListener('abort', end);
  }
}

function taken(events: readonly ServerEvent[], { onEvents, onLive }: StreamHandlers): Ended {
  if (events.length > 0) onEvents(events);
  for (const { event, data } of events) {
    if (event === 'waiting') onLive(false);
    if (event === 'end')
      return readFailure(JSON.parse(data)) ?? { code: 'ended', message: 'The lab ended the stream.' };
    if (event === COMPLETE) return COMPLETE;
  }
  return undefined;
}
