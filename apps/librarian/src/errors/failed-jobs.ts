// Jobs that failed, as the Mechanic tells of them: by the reason, since the event has no line of their logs.
import type { mechanic } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { endOf } from './error-analysis.js';
import { eventsOf } from './events-of.js';
import { SightingsRepository } from './sightings.repository.js';

type Ended = z.output<typeof mechanic.events.job_ended.payload>;

@Injectable()
export class FailedJobs {
  constructor(@Inject(SightingsRepository) private readonly sightings: Pick<SightingsRepository, 'record'>) {}

  /** Safe to repeat: a job counts once. */
  async ended({ jobId, walletId, state, reason }: Ended, at: Date): Promise<void> {
    if (state !== 'failed') return;
    await this.sightings.record(walletId, jobId, eventsOf(endOf(reason), []).events, at);
  }
}
