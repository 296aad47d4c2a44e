// Calls every agent's name on the bus and counts the replicas that answer. It must never wait longer than its window.

import type { Bus, Responder } from '@labmesh/bus';
import { AGENTS, describeSubject } from '@labmesh/contracts';
import { BUS, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { rounded } from './check.js';

/** How long answers are collected, milliseconds. */
const WINDOW_MS = 300;

export interface ServiceState {
  readonly name: string;
  readonly status: 'up' | 'down';
  /** Replicas that answered. */
  readonly instances: number;
  /** Of the quickest replica. */
  readonly latencyMs: number | null;
}

const Presence = z.object({ name: z.string(), instance: z.string().min(1) });

@Injectable()
export class RollCall {
  constructor(
    @Inject(BUS) private readonly bus: Pick<Bus, 'scatter'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** One line per agent of the lab, in the order people read them; never rejects. */
  take(): Promise<ServiceState[]> {
    return Promise.all(AGENTS.map(({ name }) => this.#call(name)));
  }

  async #call(name: string): Promise<ServiceState> {
    try {
      return stateOf(name, await this.bus.scatter(describeSubject(name), {}, { headers: {}, windowMs: WINDOW_MS }));
    } catch (error) {
      this.log.warn({ err: error, agent: name }, 'could not be asked');
      return stateOf(name, []);
    }
  }
}

function stateOf(name: string, replies: readonly Responder[]): ServiceState {
  const latencyMs = new Map<string, number>();
  for (const { body, latencyMs: took } of replies) {
    const presence = Presence.safeParse(body);
    if (!presence.success || presence.data.name !== name) continue;
    const { instance } = presence.data;
    latencyMs.set(instance, Math.min(took, latencyMs.get(instance) ?? took));
  }
  const up = latencyMs.size > 0;
  return {
    name,
    status: up ? 'up' : 'down',
    instances: latencyMs.size,
    latencyMs: up ? rounded(Math.min(...latencyMs.values())) : null,
  };
}
