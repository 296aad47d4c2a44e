// Errors that the lab's own processes log, as they tell of them: whoever operates the lab finds there what its agents suffer from.
import { AGENTS, type errorsLogged } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { eventsOf } from './events-of.js';
import { excerptOf } from './excerpt.js';
import { RUN_MARK } from './places.js';
import { type Sighting, SightingsRepository } from './sightings.repository.js';

type Logged = z.output<typeof errorsLogged.payload>;

/** They are of no wallet. */
export const LAB = 'lab';

@Injectable()
export class LabErrors {
  constructor(@Inject(SightingsRepository) private readonly sightings: Pick<SightingsRepository, 'record'>) {}

  /** Safe to repeat: a process says how many there were of each on the day. */
  async logged({ service, process, day, errors }: Logged, at: Date): Promise<void> {
    for (const [place, kinds] of byPlace(service, errors))
      await this.sightings.record(LAB, `${place}${RUN_MARK}${process}.${day}`, [...kinds.values()], at);
  }
}

function byPlace(service: string, errors: Logged['errors']): Map<string, Map<string, Sighting>> {
  const places = new Map<string, Map<string, Sighting>>();
  for (const { text, tool, lines } of errors) {
    const agent = tool?.split('_')[0] ?? service;
    const place = AGENTS.some(({ name }) => name === agent) ? `agent://${agent}` : agent;
    const kinds = places.get(place) ?? new Map<string, Sighting>();
    places.set(place, kinds);
    for (const { id, template } of eventsOf(excerptOf(text).events, []).events)
      kinds.set(id, { id, template, lines: (kinds.get(id)?.lines ?? 0) + lines });
  }
  return places;
}
