// A log of events by topic in this process's memory. Forgets the oldest first; holds text, so nobody's object is kept.
import { tooLarge } from '../rejections.js';
import type { EventLog, EventLogOptions, LoggedEvent } from '../store.js';

interface Kept {
  readonly topic: string;
  readonly text: string;
  readonly goneAtMs: number;
}

export class MemoryEventLog implements EventLog {
  /** By position, in the order of appending. */
  readonly #kept = new Map<number, Kept>();
  /** Positions of each topic, oldest first. */
  readonly #topics = new Map<string, number[]>();
  /** Topics of each group. */
  readonly #groups = new Map<string, Set<string>>();
  #last = 0;
  #bytes = 0;

  /** @param now milliseconds */
  constructor(
    private readonly options: EventLogOptions,
    private readonly now: () => number = Date.now,
  ) {}

  async append(topic: string, value: unknown): Promise<number> {
    const text = JSON.stringify(value);
    const { name, maxBytes, maxPerTopic, ttlMs } = this.options;
    if (text.length > maxBytes) throw tooLarge('event', name);
    const own = this.#topics.get(topic);
    if (own !== undefined && own.length >= maxPerTopic) this.#drop(own[0] ?? 0);
    this.#makeRoom(maxBytes - text.length);
    this.#last += 1;
    this.#bytes += text.length;
    this.#kept.set(this.#last, { topic, text, goneAtMs: this.now() + ttlMs });
    const positions = this.#topics.get(topic);
    if (positions === undefined) this.#begin(topic, this.#last);
    else positions.push(this.#last);
    return this.#last;
  }

  async read(topic: string, position: number, limit: number): Promise<LoggedEvent[]> {
    this.#makeRoom(this.options.maxBytes);
    return (this.#topics.get(topic) ?? [])
      .filter((one) => one > position)
      .slice(0, limit)
      .map((one) => ({ position: one, value: JSON.parse(this.#kept.get(one)?.text ?? 'null') }));
  }

  async forget(group: string): Promise<void> {
    for (const topic of this.#groups.get(group) ?? [])
      for (const position of [...(this.#topics.get(topic) ?? [])]) this.#drop(position);
  }

  #begin(topic: string, position: number): void {
    this.#topics.set(topic, [position]);
    const group = groupOf(topic);
    this.#groups.set(group, (this.#groups.get(group) ?? new Set()).add(topic));
  }

  #makeRoom(bytes: number): void {
    for (const [position, { goneAtMs }] of this.#kept) {
      if (this.#bytes <= bytes && goneAtMs > this.now()) return;
      this.#drop(position);
    }
  }

  /** What is dropped is always the first of its topic. */
  #drop(position: number): void {
    const kept = this.#kept.get(position);
    if (kept === undefined) return;
    this.#kept.delete(position);
    this.#bytes -= kept.text.length;
    const positions = this.#topics.get(kept.topic);
    positions?.shift();
    if (positions?.length !== 0) return;
    this.#topics.delete(kept.topic);
    const group = groupOf(kept.topic);
    const topics = this.#groups.get(group);
    topics?.delete(kept.topic);
    if (topics?.size === 0) this.#groups.delete(group);
  }
}

const groupOf = (topic: string): string => topic.slice(0, topic.indexOf('.'));
