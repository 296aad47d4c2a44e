// Announces the agents of this process: when it serves, at every heartbeat, and when it stops. It never waits for anybody.
import type { Bus } from '@labmesh/bus';
import { type AgentContract, PRESENCE_SUBJECT } from '@labmesh/contracts';
import { type Announcement, HEARTBEAT_MS, toldDigest } from './announcement.js';

export class Announcer {
  #timer: NodeJS.Timeout | undefined;
  #announcing = false;
  #agents: Announcement['agents'] = [];

  constructor(
    private readonly bus: Pick<Bus, 'broadcast' | 'kind'>,
    private readonly instance: string,
  ) {}

  /** A process without agents has nothing to tell. */
  start(contracts: Iterable<AgentContract>): void {
    this.#agents = [...contracts].map((contract) => ({ name: contract.name, digest: toldDigest(this.bus, contract) }));
    if (this.#agents.length === 0) return;
    this.#tell(false);
    this.#announcing = true;
    // Within one process nobody falls silent: who is there says so once.
    if (this.bus.kind !== 'in-process') this.#timer = setInterval(() => this.#tell(false), HEARTBEAT_MS).unref();
  }

  stop(): void {
    if (!this.#announcing) return;
    this.#announcing = false;
    clearInterval(this.#timer);
    this.#tell(true);
  }

  #tell(leaving: boolean): void {
    try {
      this.bus.broadcast(PRESENCE_SUBJECT, { instance: this.instance, leaving, agents: this.#agents });
    } catch {
      // Without a broker nobody can hear; the next heartbeat tries again.
    }
  }
}
