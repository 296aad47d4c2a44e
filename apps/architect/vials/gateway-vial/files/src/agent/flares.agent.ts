// The agent: what it knows of flares. It asks the lab's Curator for data, and holds none itself.
import { Injectable } from '@nestjs/common';
import { Curator } from '../lab/curator.js';
import type { Handlers } from './contract.js';

/** W/m2 at the foot of each class. */
const FOOT: Readonly<Record<string, number>> = { A: 1e-8, B: 1e-7, C: 1e-6, M: 1e-5, X: 1e-4 };

/** Of a GOES class such as M2.3, W/m2; exact to the digits that a class has. */
export const fluxOf = (classType: string): number =>
  Number(((FOOT[classType.charAt(0)] ?? 0) * Number(classType.slice(1))).toPrecision(6));

@Injectable()
export class FlaresAgent {
  readonly handlers: Handlers;

  constructor(curator: Curator) {
    this.handlers = {
      strongest_flares: async ({ datasetId, limit }) => {
        const rows = await curator.rows(datasetId);
        const flares = rows.map(({ classType, peakTime }) => ({
          classType: String(classType),
          peakTime: String(peakTime),
          wattsPerSquareMetre: fluxOf(String(classType)),
        }));
        flares.sort((a, b) => b.wattsPerSquareMetre - a.wattsPerSquareMetre);
        return { datasetId, flares: flares.slice(0, limit) };
      },
      flux_of_class: async ({ classType }) => ({ wattsPerSquareMetre: fluxOf(classType) }),
    };
  }
}
