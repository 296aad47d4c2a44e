// Puts the logs of jobs on the gateway's HTTP front, where there is a Mechanic behind it, and nothing else.
import { type AgentContract, mechanic } from '@labmesh/contracts';
import { ENDPOINT_HOST, type EndpointHost } from '@labmesh/endpoint';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { BEHIND_GATEWAY } from '../behind-gateway.js';
import { LiveEvents } from '../live/live-events.js';
import { jobLogs } from './job-logs.js';
import { JOB_LOGS_PREFIX } from './logs-wanted.js';

@Injectable()
export class JobLogsRoutes implements OnModuleInit {
  constructor(
    @Inject(ENDPOINT_HOST) private readonly host: EndpointHost,
    @Inject(BEHIND_GATEWAY) private readonly agents: readonly AgentContract[],
  ) {}

  onModuleInit(): void {
    if (!this.agents.some(({ name }) => name === mechanic.name)) return;
    const { front } = this.host;
    const events = new LiveEvents(this.host, jobLogs);
    front.prefix(JOB_LOGS_PREFIX, (req, res) => events.handle(req, res));
    front.onClose(async () => events.close());
  }
}
