// What the endpoints of one process, and other doors that let callers in, take their own from: made once.
import type { IdentityServices } from '@labmesh/identity';
import { globalModule, type RuntimeServices } from '@labmesh/runtime';
import type { DynamicModule } from '@nestjs/common';
import { Authenticator } from './callers/authenticator.js';
import { CallLimits } from './limits/call-limits.js';
import { Refusals } from './limits/refusals.js';
import { CircuitResets } from './presence/circuit-resets.js';
import { Presence } from './presence/presence.js';
import { Reach } from './presence/reach.js';
import { TextAlarms } from './text-watch/text-alarms.js';
import { TextWatch } from './text-watch/text-watch.js';

export const ENDPOINT_HOST = Symbol('ENDPOINT_HOST');

export interface EndpointHost extends RuntimeServices, IdentityServices {
  readonly presence: Presence;
  readonly reach: Reach;
  readonly limits: CallLimits;
  readonly refusals: Refusals;
  readonly authenticator: Authenticator;
  readonly alarms: TextAlarms;
  readonly texts: TextWatch;
}

export function endpointHost(base: RuntimeServices & IdentityServices): EndpointHost {
  const { config, bus, log, metrics, recorder, scoring, restrictions } = base;
  const presence = new Presence(bus, log);
  const reach = new Reach(presence, metrics);
  const limits = new CallLimits(config.limits);
  restrictions.onChange(() => limits.throttle(restrictions.throttled()));
  base.state.add('circuits', () => reach.report());
  const alarms = new TextAlarms(bus, log);
  return {
    ...base,
    presence,
    reach,
    limits,
    refusals: new Refusals({ recorder, metrics, log }),
    authenticator: new Authenticator({ ...base, reach }, metrics.readings),
    alarms,
    texts: new TextWatch({ scoring, alarms }),
  };
}

export const endpointHostModule = (host: EndpointHost): DynamicModule =>
  globalModule(
    [
      [ENDPOINT_HOST, host],
      [Presence, host.presence],
      [Reach, host.reach],
      [CallLimits, host.limits],
      [Refusals, host.refusals],
      [Authenticator, host.authenticator],
      [TextWatch, host.texts],
    ],
    [CircuitResets],
  );
