// Who waits for the engine, in turns: however much one wallet asks for, the next one's first task comes after one of its own.

export class FairQueue<T> {
  /** In the order of their turns. */
  readonly #queues = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(who: string, item: T): void {
    const queue = this.#queues.get(who);
    if (queue === undefined) this.#queues.set(who, [item]);
    else queue.push(item);
    this.#size += 1;
  }

  /** The next one; whoever it is of goes to the end. */
  take(): T | undefined {
    const [turn] = this.#queues;
    if (turn === undefined) return undefined;
    const [who, queue] = turn;
    const item = queue.shift();
    this.#queues.delete(who);
    if (queue.length > 0) this.#queues.set(who, queue);
    this.#size -= 1;
    return item;
  }

  remove(who: string, item: T): void {
    const queue = this.#queues.get(who);
    const at = queue?.indexOf(item) ?? -1;
    if (queue === undefined || at === -1) return;
    queue.splice(at, 1);
    this.#size -= 1;
    if (queue.length === 0) this.#queues.delete(who);
  }
}
