// A stream of the lab's events, taken up again where it was whenever the line breaks: nothing is missed, nothing comes twice.
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '@labmesh/contracts';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { type Attempt, unreachable } from './failure.js';
import { get, saidBy } from './get.js';

export interface EventsOptions extends Attempt {
  readonly token: string | undefined;
  /** Cursor to go on after; left out, where the address says. */
  readonly after?: string | undefined;
}

export interface LabEvent {
  readonly event: string;
  readonly data: string;
}

/** The lab's word for the end of what there was to tell. */
const COMPLETE = 'complete';
/** In a row, without an event between: then the lab is gone. */
const BREAKS_MAX = 30;
const AGAIN_MS = 1_000;

/** Ends after the event `complete`. @throws AppError for what the lab refuses, or when it stays away */
export async function* events(address: URL, options: EventsOptions): AsyncGenerator<LabEvent> {
  let { after } = options;
  let breaks = 0;
  for (;;) {
    try {
      const headers = { accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': after }) };
      const res = await get(address, { ...options, headers, wanted: 200 });
      for await (const { event = 'message', id, data } of parsed(res)) {
        breaks = 0;
        after = id ?? after;
        if (event === 'end') throw saidBy(data) ?? new AppError('unavailable', 'The lab ended the stream.');
        yield { event, data };
        if (event === COMPLETE) return;
      }
    } catch (error) {
      if (options.signal.aborted) throw unreachable(options, error);
      if (error instanceof AppError && error.code !== 'unavailable') throw error;
      breaks += 1;
      // The first connection says whether there is a lab at all.
      if (breaks > BREAKS_MAX || after === undefined)
        throw error instanceof AppError ? error : unreachable(options, error);
    }
    await wait(AGAIN_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

async function* parsed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<EventSourceMessage> {
  const ready: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => ready.push(event) });
  const decoder = new TextDecoder();
  for await (const chunk of bytes) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* ready.splice(0);
  }
}
