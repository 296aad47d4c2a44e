// What every agent hosted in this process shares: the pipeline, the calls under way, the process's own description.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { AgentContract } from '@labmesh/contracts';
import { RunningCalls } from './pipeline/running-calls.js';
import { compose, type StepServices, stepsOf } from './pipeline/steps.js';
import type { ToolRun } from './pipeline/tool-run.js';

export const AGENT_PROCESS = Symbol('AGENT_PROCESS');

/** What an agent tells of itself when asked on its `$describe` subject. */
export interface AgentDescription {
  readonly name: string;
  /** One per process, so that replicas can be counted. */
  readonly instance: string;
  readonly version: string;
  readonly startedAt: string;
  readonly tools: readonly string[];
  readonly resources: readonly string[];
  readonly prompts: readonly string[];
}

export class AgentProcess {
  readonly running = new RunningCalls();
  readonly run: (run: ToolRun) => Promise<unknown>;
  /** The agents of this process; each controller adds its own. */
  readonly contracts = new Set<AgentContract>();
  /** One per process. */
  readonly instance = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  readonly #startedAt = new Date().toISOString();

  constructor(
    services: StepServices,
    private readonly version: string,
  ) {
    this.run = compose(stepsOf(services));
  }

  describe(contract: AgentContract): AgentDescription {
    return {
      name: contract.name,
      instance: this.instance,
      version: this.version,
      startedAt: this.#startedAt,
      tools: Object.keys(contract.tools),
      resources: Object.keys(contract.resources),
      prompts: Object.keys(contract.prompts),
    };
  }
}
