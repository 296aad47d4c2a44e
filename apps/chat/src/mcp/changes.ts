// What the lab tells of changes, on one stream for all that the page follows: a browser keeps few connections to one lab. A cut is
// taken up again, at longer and longer intervals.
import type { Client } from '@modelcontextprotocol/client';
import { pause } from '../live/pause.js';
import type { Followed } from './connection.js';

interface Follower extends Followed {
  readonly onChanged: () => void;
}

interface Filter {
  readonly resourceSubscriptions?: string[];
  readonly resourcesListChanged?: true;
}

const AGAIN_MS = 1_000;
const AGAIN_MAX_MS = 30_000;
/** What begins to be followed within so long is asked for together: each time the lab looks whether it may be read. */
const TOGETHER_MS = 30;
/** So long a first question waits for the stream that tells of its answer's changes. */
const PATIENCE_MS = 1_000;

/** Somebody who asks once the lab tells of what is asked for. */
interface Waiter {
  readonly followed: Followed;
  readonly go: () => void;
}

export class Changes {
  readonly #followers = new Set<Follower>();
  readonly #liveListeners = new Set<() => void>();
  /** Of streams that are open or about to be. The newest is what is wanted; an older one stays until that is open. */
  readonly #streams = new Set<AbortController>();
  #newest: AbortController | undefined;
  #asked = '{}';
  /** What an open stream tells of. */
  #told: Filter = {};
  /** Counts what was told. */
  #moment = 0;
  /** At which moment each address of it was last told of, also if nobody followed it. */
  readonly #toldAt = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #live = false;
  readonly #waiters = new Set<Waiter>();
  /** False since a stream did not open in time: nobody waits for the next. */
  #patient = true;

  constructor(private readonly client: Pick<Client, 'listen' | 'setNotificationHandler'>) {
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      this.#moment += 1;
      this.#toldAt.set(params.uri, this.#moment);
      this.#tell(({ uris }) => uris.includes(params.uri));
    });
    client.setNotificationHandler('notifications/resources/list_changed', () =>
      this.#tell(({ lists }) => lists === true),
    );
  }

  /** To be given to `follow`, as when something was asked for. */
  moment(): number {
    return this.#moment;
  }

  /**
   * Calls when something changed behind one of the addresses, and at once where that was so since `since`: what it is about was asked
   * for then, and named the addresses. Answers what ends it.
   */
  follow(followed: Followed, onChanged: () => void, since = this.#moment): () => void {
    const follower: Follower = { ...followed, onChanged };
    this.#followers.add(follower);
    this.#soon();
    if (followed.uris.some((uri) => (this.#toldAt.get(uri) ?? 0) > since)) onChanged();
    return () => {
      this.#followers.delete(follower);
      this.#soon();
    };
  }

  /**
   * Calls as soon as the lab tells of all this, or cannot soon: who asks then, and not before, asks once and misses nothing. Answers
   * what ends it.
   */
  whenTold(followed: Followed, go: () => void): () => void {
    if (!this.#patient || this.#isTold(followed)) {
      go();
      return () => {};
    }
    const late = setTimeout(() => {
      this.#patient = false;
      waiter.go();
    }, PATIENCE_MS);
    const end = () => {
      clearTimeout(late);
      this.#waiters.delete(waiter);
    };
    const waiter: Waiter = {
      followed,
      go: () => {
        end();
        go();
      },
    };
    this.#waiters.add(waiter);
    return end;
  }

  /** Whether a stream is open; what is followed since is told as soon as it is taken up. */
  isLive = (): boolean => this.#live;

  onLive = (listener: () => void): (() => void) => {
    this.#liveListeners.add(listener);
    return () => this.#liveListeners.delete(listener);
  };

  #tell(concerned: (follower: Follower) => boolean): void {
    for (const follower of this.#followers) if (concerned(follower)) follower.onChanged();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#renew();
    }, TOGETHER_MS);
  }

  #renew(): void {
    const filter = this.#filter();
    const asked = JSON.stringify(filter);
    if (asked === this.#asked) return;
    this.#asked = asked;
    if (asked === '{}') {
      this.#newest = undefined;
      this.#told = {};
      this.#becomeLive(false);
      this.#endAllBut(undefined);
      return;
    }
    const over = new AbortController();
    this.#newest = over;
    this.#streams.add(over);
    void this.#listen(filter, over);
  }

  #filter(): Filter {
    const uris = new Set([...this.#followers].flatMap((follower) => follower.uris));
    return {
      ...(uris.size === 0 ? {} : { resourceSubscriptions: [...uris].sort() }),
      ...([...this.#followers].some(({ lists }) => lists) ? { resourcesListChanged: true } : {}),
    };
  }

  async #listen(filter: Filter, over: AbortController): Promise<void> {
    const { signal } = over;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const stream = await this.client.listen(filter, { signal });
        if (signal.aborted) return;
        if (over === this.#newest) this.#endAllBut(over);
        this.#becomeLive(true);
        this.#patient = true;
        this.#catchUp(filter);
        this.#letGo((waiter) => this.#isTold(waiter.followed));
        failures = 0;
        await stream.closed;
      } catch {
        // gone, or not for this caller: see whether it is later
      }
      if (signal.aborted) return;
      this.#becomeLive(false);
      this.#told = {};
      this.#patient = false;
      this.#letGo(() => true);
      // The newest one looks for itself.
      if (over !== this.#newest) return;
      await pause(Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** failures), signal);
    }
  }

  /** Who follows what was not told of until now is told: something may have happened since they looked. */
  #catchUp(filter: Filter): void {
    const before = this.#told;
    this.#told = filter;
    for (const uri of this.#toldAt.keys())
      if (filter.resourceSubscriptions?.includes(uri) !== true) this.#toldAt.delete(uri);
    const isNew = (uri: string): boolean => before.resourceSubscriptions?.includes(uri) !== true;
    this.#tell(({ uris, lists }) => uris.some(isNew) || (lists === true && before.resourcesListChanged !== true));
  }

  #isTold({ uris, lists }: Followed): boolean {
    const { resourceSubscriptions = [], resourcesListChanged } = this.#told;
    return (
      uris.every((uri) => resourceSubscriptions.includes(uri)) && (lists !== true || resourcesListChanged === true)
    );
  }

  #letGo(ready: (waiter: Waiter) => boolean): void {
    for (const waiter of [...this.#waiters]) if (ready(waiter)) waiter.go();
  }

  #endAllBut(kept: AbortController | undefined): void {
    for (const stream of this.#streams)
      if (stream !== kept) {
        this.#streams.delete(stream);
        stream.abort();
      }
  }

  #becomeLive(live: boolean): void {
    if (this.#live === live) return;
    this.#live = live;
    for (const listener of this.#liveListeners) listener();
  }
}
