// Whether an agent can be called right now: it is there, and its circuit is not open. Says no at once, and about that agent only.

import { isUnanswered } from '@labmesh/bus';
import { type AgentContract, AppError } from '@labmesh/contracts';
import type { Metrics } from '@labmesh/runtime';
import { Gauge } from 'prom-client';
import { type Admission, CircuitBreaker, type CircuitState } from './circuit-breaker.js';
import type { Presence } from './presence.js';

const GAUGE_VALUES: Readonly<Record<CircuitState, number>> = { closed: 0, half_open: 1, open: 2 };

export interface AgentReach {
  readonly status: 'up' | 'down';
  /** Processes heard within the last second. */
  readonly instances: number;
  readonly circuit: CircuitState;
}

export class Reach {
  readonly #breakers = new Map<string, CircuitBreaker>();

  constructor(
    private readonly presence: Presence,
    metrics: Pick<Metrics, 'registry'>,
  ) {
    presence.onChange((agent, change) => {
      if (change === 'joined' || change === 'returned') this.#breakers.get(agent)?.expectAnswer();
    });
    const reach = this;
    new Gauge({
      name: 'labmesh_agent_circuit',
      help: 'Circuit to each agent: 0 closed, 1 half-open, 2 open',
      labelNames: ['agent'],
      registers: [metrics.registry],
      collect() {
        for (const [agent, { circuit }] of Object.entries(reach.report())) this.set({ agent }, GAUGE_VALUES[circuit]);
      },
    });
    new Gauge({
      name: 'labmesh_agent_instances',
      help: 'Processes of each agent heard within the last second',
      labelNames: ['agent'],
      registers: [metrics.registry],
      collect() {
        for (const [agent, { instances }] of Object.entries(reach.report())) this.set({ agent }, instances);
      },
    });
  }

  watch(agents: readonly AgentContract[]): void {
    this.presence.watch(agents);
    for (const { name } of agents) if (!this.#breakers.has(name)) this.#breakers.set(name, new CircuitBreaker());
  }

  /**
   * Runs a call to an agent, when the agent can be called.
   * @throws AppError unavailable at once when it is gone or its circuit is open; else what `call` throws
   */
  async to<T>(agent: string, call: () => Promise<T>): Promise<T> {
    const admission = this.#admit(agent);
    try {
      const answer = await call();
      admission?.answered();
      return answer;
    } catch (error) {
      settle(admission, error);
      throw error;
    }
  }

  /** The next call to the agent goes through as a probe: somebody knows that it may answer again. False where its circuit is closed. */
  reset(agent: string): boolean {
    const breaker = this.#breakers.get(agent);
    if (breaker === undefined || breaker.state === 'closed') return false;
    breaker.expectAnswer();
    return true;
  }

  isUp(agent: string): boolean {
    return this.presence.isUp(agent);
  }

  /** Hears when an agent leaves, returns, or announces another contract. Returns what takes the listener out again. */
  onChange(listener: (agent: string) => void): () => void {
    return this.presence.onChange((agent, change) => {
      if (change !== 'joined') listener(agent);
    });
  }

  report(): Readonly<Record<string, AgentReach>> {
    const rows = this.presence
      .report()
      .map(({ agent, up, instances }): [string, AgentReach] => [
        agent,
        { status: up ? 'up' : 'down', instances, circuit: this.#breakers.get(agent)?.state ?? 'closed' },
      ]);
    return Object.fromEntries(rows);
  }

  #admit(agent: string): Admission | undefined {
    if (!this.presence.isUp(agent))
      throw new AppError(
        'unavailable',
        `Cannot reach the agent "${agent}": it is not running. Its tools work again as soon as it is back; other agents are not affected.`,
      );
    const breaker = this.#breakers.get(agent);
    const admission = breaker?.admit();
    if (breaker !== undefined && admission === undefined)
      throw new AppError(
        'unavailable',
        `Cannot reach the agent "${agent}": it did not answer the last calls, and is tried again within seconds. Other agents are not affected.`,
      );
    return admission;
  }
}

/** Codes with which a call may end before it reached the agent, so that they show nothing of it. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['cancelled', 'unavailable', 'too_large']);

/** What the agent answered, an error too, shows that it is there. */
function settle(admission: Admission | undefined, error: unknown): void {
  if (isUnanswered(error)) admission?.unanswered();
  else if (error instanceof AppError && !SAYS_NOTHING.has(error.code)) admission?.answered();
}
