// Hears what workers and other replicas tell of jobs: there may be room now, or an end to be told, and who follows the job hears of
// it. What is not heard is found later.
import { JOBS_SUBJECT } from '@labmesh/bus';
import { expandUri, mechanic } from '@labmesh/contracts';
import { readNotice } from '@labmesh/jobs';
import { ResourceChanges } from '@labmesh/runtime';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Placing } from './placing.js';
import { ToldEnds } from './told-ends.repository.js';

@Controller()
export class JobListener {
  constructor(
    @Inject(Placing) private readonly placing: Pick<Placing, 'soon'>,
    @Inject(ToldEnds) private readonly ends: Pick<ToldEnds, 'poke'>,
    @Inject(ResourceChanges) private readonly changes: Pick<ResourceChanges, 'tell'>,
  ) {}

  @EventPattern(JOBS_SUBJECT, { queue: '' })
  told(@Payload() message: object): void {
    const notice = readNotice(message);
    if (notice === undefined || notice.kind === 'log') return;
    const { jobId, kind } = notice;
    const { job, nodes } = mechanic.resources;
    const uris = [
      ...(jobId === '' ? [] : [expandUri(job.uri, { id: jobId })]),
      // What a node has free is another than it was.
      ...(kind === 'used' ? [] : [nodes.uri]),
    ];
    if (uris.length > 0) this.changes.tell({ uris });
    if (kind !== 'changed') return;
    this.ends.poke();
    this.placing.soon();
  }
}
