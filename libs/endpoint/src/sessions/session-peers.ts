// What the replicas of a gateway tell each other about sessions. The broker is inside the trust boundary; a credential never is in these messages.

import { randomUUID } from 'node:crypto';
import { type Bus, isUnanswered, sessionNewsSubject, sessionPeerSubject } from '@labmesh/bus';
import { Controller, Inject, type Type } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { SessionRecord } from './session-record.js';

/** How long another replica may take to say whether it still answers a request. */
const ASK_MS = 2_000;

const session = z.string().max(100);
const requestId = z.union([z.string(), z.number()]);

/** Told to every replica. */
export const PeerNews = z.discriminatedUnion('kind', [
  /** The session has ended. */
  z.object({ kind: z.literal('ended'), session }),
  /** Its record is this now. */
  z.object({ kind: z.literal('changed'), session, record: SessionRecord, revision: z.number() }),
  /** Its client listens at that replica from now on. */
  z.object({ kind: z.literal('listening'), session, replica: z.string() }),
  /** Its client gives a request up, which another replica runs. */
  z.object({ kind: z.literal('message'), session, message: z.record(z.string(), z.unknown()) }),
]);
export type PeerNews = z.infer<typeof PeerNews>;

/** Asked of one replica. */
export const PeerQuestion = z.discriminatedUnion('kind', [
  /** An answer of the client's that this replica waits for. */
  z.object({ kind: z.literal('deliver'), session, message: z.record(z.string(), z.unknown()) }),
  /** Is this request still being answered? The client listens for it elsewhere from now on. */
  z.object({ kind: z.literal('running'), session, request: requestId.optional() }),
]);
export type PeerQuestion = z.infer<typeof PeerQuestion>;

/** The sessions of one endpoint, as its peers reach them. */
export interface SessionPeer {
  hear(news: PeerNews): void;
  /** True when the question found what it asks for. */
  answer(question: PeerQuestion): boolean;
}

/** A name for this replica in ids: letters and digits only. */
export const newReplica = (): string => randomUUID().replaceAll('-', '').slice(0, 12);

export class SessionPeers {
  readonly #here = new Set<SessionPeer>();

  constructor(
    private readonly bus: Pick<Bus, 'broadcast' | 'request'>,
    /** Whose replicas tell each other: no other app hears it. */
    readonly app: string,
    readonly replica = newReplica(),
  ) {}

  /** Returns what takes the endpoint out again. */
  join(peer: SessionPeer): () => void {
    this.#here.add(peer);
    return () => void this.#here.delete(peer);
  }

  /** Without a broker nobody hears it; whoever uses a session finds its record. */
  tell(news: PeerNews): void {
    try {
      this.bus.broadcast(sessionNewsSubject(this.app), { from: this.replica, news });
    } catch {
      // Nobody is there to hear.
    }
  }

  /** False when the replica is gone, or has not what is asked for. @throws AppError when that cannot be known */
  async ask(replica: string, question: PeerQuestion): Promise<boolean> {
    if (!/^[a-f0-9]{12}$/.test(replica)) return false;
    if (replica === this.replica) return this.answer(question);
    try {
      return (
        (await this.bus.request(sessionPeerSubject(this.app, replica), question, {
          headers: {},
          timeoutMs: ASK_MS,
        })) === true
      );
    } catch (error) {
      if (isUnanswered(error)) return false;
      throw error;
    }
  }

  /** Takes what came over the bus; what is not for sessions is ignored, and so is this replica's own word. */
  hear(message: unknown): void {
    const { data } = z.object({ from: z.string(), news: PeerNews }).safeParse(message);
    if (data === undefined || data.from === this.replica) return;
    for (const peer of this.#here) peer.hear(data.news);
  }

  answer(message: unknown): boolean {
    const { data } = PeerQuestion.safeParse(message);
    if (data === undefined) return false;
    return [...this.#here].some((peer) => peer.answer(data));
  }
}

/** The Nest side of a process's peers: each has a subject of its own. */
export function peersController(app: string, replica: string): Type {
  @Controller()
  class SessionPeersController {
    constructor(@Inject(SessionPeers) private readonly peers: SessionPeers) {}

    @EventPattern(sessionNewsSubject(app), { queue: '' })
    told(@Payload() message: object): void {
      this.peers.hear(message);
    }

    @MessagePattern(sessionPeerSubject(app, replica), { queue: '' })
    asked(@Payload() message: unknown): boolean {
      return this.peers.answer(message);
    }
  }
  return SessionPeersController;
}
