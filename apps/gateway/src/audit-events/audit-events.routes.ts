// Puts the stream of audit events on the gateway's HTTP front, and nothing else.
import { ENDPOINT_HOST, type EndpointHost } from '@labmesh/endpoint';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LiveEvents } from '../live/live-events.js';
import { auditEvents } from './audit-events.js';

export const AUDIT_EVENTS_PATH = '/audit/events';

@Injectable()
export class AuditEventsRoutes implements OnModuleInit {
  constructor(@Inject(ENDPOINT_HOST) private readonly host: EndpointHost) {}

  onModuleInit(): void {
    const { front } = this.host;
    const events = new LiveEvents(this.host, auditEvents);
    front.route(AUDIT_EVENTS_PATH, (req, res) => events.handle(req, res));
    front.onClose(async () => events.close());
  }
}
