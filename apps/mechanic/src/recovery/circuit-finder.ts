// Circuits that are open to an agent which answers again: they would find out by themselves within seconds, at the cost of calls that
// are refused until then.
import { type Bus, CIRCUITS_SUBJECT } from '@labmesh/bus';
import type { RecoveryKind } from '@labmesh/contracts';
import { BUS } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { grouped } from '../health/grouped.js';
import { MeshState } from '../health/mesh-state.js';
import { RollCall } from '../health/roll-call.js';
import type { Finder, Trouble } from './trouble.js';

@Injectable()
export class CircuitFinder implements Finder {
  readonly kinds: readonly RecoveryKind[] = ['reset_circuit'];

  constructor(
    @Inject(BUS) private readonly bus: Pick<Bus, 'broadcast'>,
    @Inject(MeshState) private readonly mesh: Pick<MeshState, 'ask'>,
    @Inject(RollCall) private readonly rollCall: Pick<RollCall, 'take'>,
  ) {}

  async find(): Promise<Trouble[]> {
    const open = (await this.mesh.ask()).circuits.filter(({ state }) => state === 'open');
    if (open.length === 0) return [];
    const up = new Set((await this.rollCall.take()).flatMap(({ name, status }) => (status === 'up' ? [name] : [])));
    return [...grouped(open, ({ agent }) => agent)]
      .filter(([agent]) => up.has(agent))
      .map(([agent, all]) => ({
        kind: 'reset_circuit',
        target: agent,
        why: `It answers, and ${[...new Set(all.map(({ process }) => process))].join(', ')} still refuses calls to it.`,
        mend: async () => {
          this.bus.broadcast(CIRCUITS_SUBJECT, { agent });
          return 'Its next call is let through.';
        },
      }));
  }
}
