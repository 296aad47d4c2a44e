// The events of one session's streams, as every replica can read them. An event's id names its stream and its place there.

import { type EventLog, type EventLogOptions, type LoggedEvent, sessionEvents } from '@labmesh/bus';
import { gateway } from '@labmesh/contracts';
import type { Logger } from '@labmesh/runtime';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { OWN_BYTES_MAX } from './session-store.js';

/** The stream on which the lab speaks unasked; a client opens it by GET. */
export const STANDALONE = 'standalone';

/** How long what was sent can be had again, milliseconds. */
const KEPT_MS = 10 * 60_000;
/** Limits of what is kept: in one stream, and of all sessions together. */
const EVENTS_PER_STREAM_MAX = 1_000;
const EVENTS_BYTES_MAX = 64 * 1024 * 1024;
/** Events read at once. */
const PAGE = 100;

/** Where all replicas of one app keep the events of their sessions. */
export const eventLogOf = (app: string): EventLogOptions => ({
  name: sessionEvents(app),
  ttlMs: KEPT_MS,
  maxBytes: app === gateway.name ? EVENTS_BYTES_MAX : OWN_BYTES_MAX,
  maxPerTopic: EVENTS_PER_STREAM_MAX,
});

export interface SessionEvent {
  readonly id: string;
  readonly position: number;
  /** null for an event that only gives the client an id to resume from. */
  readonly message: JSONRPCMessage | null;
  /** The request that its stream answers. */
  readonly request?: string | number | undefined;
}

/** A place in a stream, as an event's id names it. */
export interface StreamPlace {
  readonly stream: string;
  readonly position: number;
}

export const eventId = ({ stream, position }: StreamPlace): string => `${stream}_${position}`;

/** undefined for what is no event's id. */
export function placeOf(id: string): StreamPlace | undefined {
  const match = /^([A-Za-z0-9-]{1,80})_(\d{1,15})$/.exec(id);
  return match?.[1] === undefined ? undefined : { stream: match[1], position: Number(match[2]) };
}

/** Versions that know events which only carry an id. */
export const knowsEmptyEvents = (version: string): boolean => version >= '2025-11-25';

/** Which replica answers a stream's request; undefined for the stream that every replica may go on with. */
export const ownerOf = (stream: string): string | undefined =>
  stream === STANDALONE ? undefined : stream.slice(0, stream.indexOf('-'));

export class SessionEvents {
  constructor(
    private readonly log: EventLog,
    private readonly session: string,
    private readonly errors: Pick<Logger, 'warn'>,
  ) {}

  /** The event's id; empty when it could not be kept: then it is sent all the same, and cannot be had again. */
  async add(stream: string, message: JSONRPCMessage | null, request?: string | number): Promise<string> {
    try {
      const value = { message, ...(request === undefined ? {} : { request }) };
      return eventId({ stream, position: await this.log.append(`${this.session}.${stream}`, value) });
    } catch (error) {
      this.errors.warn({ err: error }, 'an event of a session is sent without being kept');
      return '';
    }
  }

  /** What is kept behind a place, oldest first, so much at once; less than a page means that there was no more. */
  async after({ stream, position }: StreamPlace): Promise<{ events: SessionEvent[]; more: boolean }> {
    const found = await this.log.read(`${this.session}.${stream}`, position, PAGE);
    return { events: found.map((event) => sessionEvent(stream, event)), more: found.length === PAGE };
  }

  forget(): Promise<void> {
    return this.log.forget(this.session);
  }
}

function sessionEvent(stream: string, { position, value }: LoggedEvent): SessionEvent {
  const { message, request } = value as Pick<SessionEvent, 'message' | 'request'>;
  return { id: eventId({ stream, position }), position, message, request };
}

/** True for what ends a stream that answers a request. */
export const isAnswer = (message: JSONRPCMessage | null): boolean =>
  message !== null && 'id' in message && ('result' in message || 'error' in message);
