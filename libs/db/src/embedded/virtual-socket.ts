// One client's connection to the embedded database, in the place of a TCP socket. All share one real connection:
// a client has it from its first statement until the server says that no transaction is open.
// It must never let another client's statement into an open transaction, nor keep the turn after its end.
import { Duplex } from 'node:stream';
import type { Engine } from './engine.js';
import type { Turns } from './turns.js';
import {
  cutFrames,
  doneWithout,
  type Frame,
  joinFrames,
  PARSED,
  simpleQuery,
  textAt,
  transactionStatus,
  WELCOME,
} from './wire.js';

/** What the sockets of one database share. */
export interface SharedConnection {
  readonly engine: Engine;
  readonly turns: Turns;
  readonly sockets: Set<VirtualSocket>;
  /** Names of statements that the one session keeps: each client would have it keep them anew. */
  readonly prepared: Set<string>;
}

/** Comments may stand before it, as BullMQ writes them. */
const LISTEN = /^(?:\s|--[^\n]*\n)*(un)?listen\s+(?:"((?:[^"]|"")+)"|(\w+|\*))/i;

export class VirtualSocket extends Duplex {
  readonly #channels = new Set<string>();
  #started = false;
  #unread: Buffer = Buffer.alloc(0);
  #request: Frame[] = [];
  #transaction = 'I';
  #holdsTurn = false;
  #leaving: Promise<void> | undefined;
  #exchanging: Promise<void> = Promise.resolve();

  constructor(private readonly shared: SharedConnection) {
    super();
    shared.sockets.add(this);
  }

  /** `pg` calls these on a network socket. */
  connect(): this {
    queueMicrotask(() => this.emit('connect'));
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  /** Passes a notification on if this client listens to its channel. */
  notify(channel: string, notification: Buffer): void {
    if (this.#channels.has(channel)) this.push(notification);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#accept(chunk, done);
  }

  override _writev(chunks: Array<{ chunk: Buffer }>, done: (error?: Error | null) => void): void {
    this.#accept(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#leave().then(() => {
      this.push(null);
      done();
    }, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#leave().then(
      () => done(error),
      (failure: Error) => done(error ?? failure),
    );
  }

  /** Nothing more is written until this is done, so one client's requests run in order. */
  #accept(bytes: Buffer, done: (error?: Error | null) => void): void {
    this.#exchanging = this.#receive(bytes);
    this.#exchanging.then(() => done(), done);
  }

  async #receive(chunk: Buffer): Promise<void> {
    if (!this.#started) {
      this.#started = true; // the first message asks to begin a session; there is one already
      this.push(WELCOME);
      return;
    }
    const { frames, rest } = cutFrames(Buffer.concat([this.#unread, chunk]));
    this.#unread = rest;
    for (const frame of frames) {
      if (frame.type === 'X') continue; // the end of the stream follows
      if (frame.type === 'H') throw new Error('The embedded database reads no cursors: ask with LIMIT instead.');
      if (this.#answersItself(frame)) continue;
      this.#request.push(frame);
      if (frame.type !== 'Q' && frame.type !== 'S') continue; // Parse, Bind, Execute wait for their Sync: one message
      const request = this.#request;
      this.#request = [];
      await this.#exchange(request);
    }
  }

  /** Keeps track of LISTEN. UNLISTEN ends here: the session is everyone's and others may listen on. */
  #answersItself(frame: Frame): boolean {
    if (frame.type !== 'Q' && frame.type !== 'P') return false;
    const found = LISTEN.exec(textAt(frame, frame.type === 'P' ? textAt(frame).length + 1 : 0));
    if (!found) return false;
    const channel = found[2]?.replaceAll('""', '"') ?? found[3]?.toLowerCase() ?? '';
    if (!found[1]) {
      this.#channels.add(channel);
      return false;
    }
    if (channel === '*') this.#channels.clear();
    else this.#channels.delete(channel);
    if (frame.type === 'P') return false;
    this.push(doneWithout('UNLISTEN', this.#transaction));
    return true;
  }

  async #exchange(request: readonly Frame[]): Promise<void> {
    if (!this.#holdsTurn) await this.shared.turns.acquire();
    this.#holdsTurn = true;
    if (this.destroyed) return; // it left while it waited; #leave gives the turn back
    const { told, keeps } = this.#withoutKept(request);
    try {
      this.#deliver(await this.shared.engine.exchange(joinFrames(told)), keeps);
    } catch (error) {
      this.#transaction = 'I'; // the engine is gone, and the transaction with it
      throw error;
    } finally {
      if (this.#transaction === 'I') this.#giveTurnBack();
    }
  }

  /**
   * What the session keeps already is not told to it again: its answer to that is given here. With the turn only, since another
   * client may have it keep the same.
   */
  #withoutKept(request: readonly Frame[]): { told: readonly Frame[]; keeps: string } {
    const parse = request[0]?.type === 'P' ? request[0] : undefined;
    const keeps = parse === undefined ? '' : textAt(parse);
    if (!this.shared.prepared.has(keeps)) return { told: request, keeps };
    this.push(PARSED);
    return { told: request.slice(1), keeps };
  }

  /** `keeps`: the name of the statement that the session was to keep, if any. */
  #deliver(reply: Uint8Array, keeps: string): void {
    const { frames } = cutFrames(Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength));
    const own: Frame[] = [];
    const notifications: Frame[] = [];
    for (const frame of frames) {
      if (frame.type === 'Z') this.#transaction = transactionStatus(frame);
      if (frame.type === '1' && keeps !== '') this.shared.prepared.add(keeps);
      (frame.type === 'A' ? notifications : own).push(frame);
    }
    this.push(notifications.length === 0 ? reply : joinFrames(own));
    for (const notification of notifications) {
      const channel = textAt(notification, 4); // after the sender's process id
      for (const socket of this.shared.sockets) socket.notify(channel, notification.bytes);
    }
  }

  #giveTurnBack(): void {
    this.#holdsTurn = false;
    this.shared.turns.release();
  }

  /** A client that leaves in a transaction takes it back, as a server does when a connection breaks. */
  #leave(): Promise<void> {
    this.#leaving ??= (async () => {
      this.shared.sockets.delete(this);
      this.#channels.clear();
      await this.#exchanging.catch(() => undefined);
      if (!this.#holdsTurn) return;
      try {
        if (this.#transaction !== 'I') await this.shared.engine.exchange(joinFrames([simpleQuery('ROLLBACK')]));
      } finally {
        this.#giveTurnBack();
      }
    })();
    return this.#leaving;
  }
}
