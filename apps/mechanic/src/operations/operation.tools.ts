// The part of the Mechanic's contract for whoever runs the lab, tool by tool. No rule lives here.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, mechanicParts } from '@labmesh/contracts';
import { Health } from '../health/health.js';
import { Monitoring } from '../monitoring/monitoring.js';
import { Recovery } from '../recovery/recovery.js';

export const operationTools = handlersOf(
  [Health, Monitoring, Recovery],
  (health, monitoring, recovery): Handlers<typeof mechanicParts.operations> => ({
    get_system_health: () => health.measure(),
    generate_prometheus_yaml: (input, call) => monitoring.generate(input, call),
    automated_recovery: (input, call) => recovery.recover(input, call),
  }),
);
