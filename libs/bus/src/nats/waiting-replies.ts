// Who waits for replies over the shared inbox. Each has a token of its own, the last one of a reply's subject: what comes late
// must never reach whoever waits in the same place by then.
import { Slab } from '../slab.js';
import type { ReplyPacket } from './wire.js';

export interface Waiting {
  reply(packet: ReplyPacket): void;
  nobodyThere(): void;
  connectionLost(): void;
}

interface Place {
  readonly waiting: Waiting;
  readonly serial: string;
}

export class WaitingReplies {
  readonly #places = new Slab<Place>();
  #last = 0;

  /** @returns its token: where it is, and which one there */
  add(waiting: Waiting): string {
    this.#last += 1;
    const serial = this.#last.toString(36);
    return tokenOf(this.#places.add({ waiting, serial }), serial);
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
    return place !== undefined && token === tokenOf(at, place.serial) ? place : undefined;
  }
}

const tokenOf = (place: number, serial: string): string => `${place}-${serial}`;
const placeIn = (token: string): number => Number.parseInt(token, 10);
