// Puts the stream of audit events on the gateway's HTTP front, and nothing else.
import {
  Authenticator,
  BUS,
  CallLimits,
  CallRecorder,
  ChangedRoles,
  FailedAttempts,
  HttpFront,
  LAB_CONFIG,
  type LabConfig,
  METRICS,
  type Metrics,
  metadataPath,
  Policies,
  Reach,
  Refusals,
  Restrictions,
  RevokedCredentials,
} from '@labmesh/agent';
import type { Bus } from '@labmesh/bus';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditEvents } from './audit-events.js';

export const AUDIT_EVENTS_PATH = '/audit/events';

@Injectable()
export class AuditEventsRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpFront) private readonly front: HttpFront,
    @Inject(LAB_CONFIG) private readonly config: LabConfig,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(CallLimits) private readonly limits: CallLimits,
    @Inject(CallRecorder) private readonly recorder: CallRecorder,
    @Inject(FailedAttempts) private readonly failedAttempts: FailedAttempts,
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(Reach) private readonly reach: Reach,
    @Inject(Refusals) private readonly refusals: Refusals,
    @Inject(RevokedCredentials) private readonly revoked: RevokedCredentials,
    @Inject(ChangedRoles) private readonly roles: ChangedRoles,
    @Inject(Policies) private readonly policies: Policies,
    @Inject(Restrictions) private readonly restrictions: Restrictions,
  ) {}

  onModuleInit(): void {
    const { bus, authenticator, limits, recorder, failedAttempts, metrics, reach, refusals, revoked } = this;
    const metadataUrl = `${this.config.publicUrl}${metadataPath('')}`;
    const { roles, policies, restrictions } = this;
    const services = { bus, authenticator, limits, recorder, failedAttempts, metrics, reach, refusals, revoked };
    const events = new AuditEvents({ ...services, roles, policies, restrictions, metadataUrl });
    this.front.route(AUDIT_EVENTS_PATH, (req, res) => events.handle(req, res));
    this.front.onClose(async () => events.close());
  }
}
