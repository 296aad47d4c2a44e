// Which agents are there, as this process hears them. It believes silence only after asking: a busy agent is not a dead one.

import { type Bus, isUnanswered } from '@labmesh/bus';
import { type AgentContract, describeSubject } from '@labmesh/contracts';
import type { Logger } from '@labmesh/runtime';
import { Announcement, toldDigest } from './announcement.js';

/** Silence is counted in ticks of our own: while this process stands still, nobody else grows old. */
const TICK_MS = 200;
/** After so many ticks without a word (0.8 to 1 s) an instance is forgotten, and an agent without any is asked. */
const SILENT_TICKS = 4;
/** How long an agent that is asked may take. Where nobody listens, the bus says so at once. */
const ASK_MS = 2_000;
/** More replicas than anybody runs: a bound on what is remembered of one agent. */
const INSTANCES_MAX = 1_000;

interface Instance {
  digest: string;
  silentTicks: number;
}

interface Watched {
  readonly contract: AgentContract;
  readonly instances: Map<string, Instance>;
  /** Until it was heard, an agent counts as there: the first call finds out, or the first second of silence. */
  up: boolean;
  silentTicks: number;
  asking: boolean;
  digests: string;
}

/** An agent `left` when nobody is there, and `returned`; one more instance `joined`; it `changed` to another contract. */
export type PresenceChange = 'returned' | 'joined' | 'left' | 'changed';
export type PresenceListener = (agent: string, change: PresenceChange) => void;

export class Presence {
  readonly #watched = new Map<string, Watched>();
  readonly #listeners = new Set<PresenceListener>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly bus: Pick<Bus, 'request' | 'kind'>,
    private readonly log: Pick<Logger, 'warn' | 'info'>,
  ) {}

  /** Follows these agents from now on. */
  watch(agents: readonly AgentContract[]): void {
    for (const contract of agents) {
      if (this.#watched.has(contract.name)) continue;
      const fresh = { contract, instances: new Map(), up: true, silentTicks: 0, asking: false, digests: '' };
      this.#watched.set(contract.name, fresh);
    }
    // Within one process nobody falls silent: an agent that stops says so.
    if (this.#watched.size > 0 && this.bus.kind !== 'in-process')
      this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** Returns what takes the listener out again. */
  onChange(listener: PresenceListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** False only for an agent that is watched and known to be gone. */
  isUp(agent: string): boolean {
    return this.#watched.get(agent)?.up ?? true;
  }

  /** The watched agents with the number of instances heard of each. */
  report(): Array<{ agent: string; up: boolean; instances: number }> {
    return [...this.#watched].map(([agent, { up, instances }]) => ({ agent, up, instances: instances.size }));
  }

  /** Takes what came over the bus; anything that is no announcement is ignored. */
  hear(message: unknown): void {
    const { data } = Announcement.safeParse(message);
    if (data === undefined) return;
    for (const { name, digest } of data.agents) {
      const watched = this.#watched.get(name);
      if (watched === undefined) continue;
      if (data.leaving) this.#leave(watched, data.instance);
      else this.#here(watched, data.instance, digest);
    }
  }

  /** Hears nothing more: the end of this very process is no news. */
  stop(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
    this.#watched.clear();
  }

  #here(watched: Watched, name: string, digest: string): void {
    const known = watched.instances.get(name);
    if (known === undefined && watched.instances.size >= INSTANCES_MAX) return;
    watched.instances.set(name, { digest, silentTicks: 0 });
    watched.silentTicks = 0;
    const wasUp = watched.up;
    watched.up = true;
    if (!wasUp) this.log.info({ agent: watched.contract.name }, 'agent is back');
    if (!wasUp || known === undefined) this.#tell(watched, wasUp ? 'joined' : 'returned');
    if (known?.digest !== digest) this.#compareDigests(watched, wasUp);
  }

  #leave(watched: Watched, name: string): void {
    if (!watched.instances.delete(name)) return;
    if (watched.instances.size === 0) this.#down(watched);
    else this.#compareDigests(watched, true);
  }

  #tick(): void {
    for (const watched of this.#watched.values()) {
      watched.silentTicks += 1;
      for (const [name, instance] of watched.instances)
        if (++instance.silentTicks > SILENT_TICKS) watched.instances.delete(name);
      if (watched.up && !watched.asking && watched.silentTicks > SILENT_TICKS) void this.#ask(watched);
    }
  }

  async #ask(watched: Watched): Promise<void> {
    watched.asking = true;
    try {
      await this.bus.request(describeSubject(watched.contract.name), {}, { headers: {}, timeoutMs: ASK_MS });
      watched.silentTicks = 0;
    } catch (error) {
      // Where the broker itself is away nothing is known of the agent.
      if (isUnanswered(error) && watched.silentTicks > SILENT_TICKS) this.#down(watched);
    } finally {
      watched.asking = false;
    }
  }

  #down(watched: Watched): void {
    if (!watched.up) return;
    watched.up = false;
    watched.digests = '';
    this.log.warn({ agent: watched.contract.name }, 'agent is gone');
    this.#tell(watched, 'left');
  }

  #compareDigests(watched: Watched, wasUp: boolean): void {
    const announced = [...new Set([...watched.instances.values()].map(({ digest }) => digest))].sort();
    const digests = announced.join();
    if (digests === watched.digests) return;
    const before = watched.digests;
    watched.digests = digests;
    const own = toldDigest(this.bus, watched.contract);
    if (announced.some((digest) => digest !== own))
      this.log.warn(
        { agent: watched.contract.name, announced, own },
        'agent runs another contract than is listed here',
      );
    if (wasUp && before !== '') this.#tell(watched, 'changed');
  }

  #tell({ contract }: Watched, change: PresenceChange): void {
    for (const listener of this.#listeners) listener(contract.name, change);
  }
}
