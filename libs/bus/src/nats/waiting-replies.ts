// Who waits for replies over the shared inbox. Each has a token of its own, the last one of a reply's subject: what comes late
// must never reach whoever waits in the same place by then. A token cannot be guessed: an agent may answer what it was asked,
// never in the place of another agent.
import { randomUUID } from 'node:crypto';
import { Slab } from '../slab.js';
import type { ReplyPacket } from './wire.js';

export interface Waiting {
  reply(packet: ReplyPacket): void;
  nobodyThere(): void;
  connectionLost(): void;
}

interface Place {
  readonly waiting: Waiting;
  token: string;
}

export class WaitingReplies {
  readonly #places = new Slab<Place>();

  /** @returns its token: where it is, and which one there */
  add(waiting: Waiting): string {
    const place = { waiting, token: '' };
    // 122 random bits: knowing one says nothing about the next.
    place.token = `${this.#places.add(place)}-${randomUUID()}`;
    return place.token;
  }

  get(token: string): Waiting | undefined {
    return this.#placeAt(placeIn(token), token)?.waiting;
  }

  /** False when it is gone already. */
  remove(token: string): boolean {
    const at = placeIn(token);
    return this.#placeAt(at, token) !== undefined && this.#places.remove(at);
  }

  values(): Waiting[] {
    return this.#places.values().map(({ waiting }) => waiting);
  }

  #placeAt(at: number, token: string): Place | undefined {
    const place = this.#places.get(at);
    return place?.token === token ? place : undefined;
  }
}

const placeIn = (token: string): number => Number.parseInt(token, 10);
