// What is told of jobs on the bus, for this process's worker: something was placed here, somebody cancelled something.
import { AppErrorFilter, JOBS_SUBJECT } from '@labmesh/bus';
import { readNotice } from '@labmesh/jobs';
import { Controller, Inject, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { WorkerProcess } from './worker-process.js';

@Controller()
@UseFilters(AppErrorFilter)
export class JobNotices {
  constructor(@Inject(WorkerProcess) private readonly worker: WorkerProcess) {}

  @EventPattern(JOBS_SUBJECT, { queue: '' })
  told(@Payload() body: unknown): void {
    const notice = readNotice(body);
    if (notice !== undefined) this.worker.hear(notice);
  }
}
