// The Mechanic's contract, tool by tool, to its domain. No rule lives here.
import type { Handlers, mechanic } from '@labmesh/contracts';
import type { Health } from './health/health.js';

export const mechanicTools = (health: Health): Handlers<typeof mechanic.tools> => ({
  get_system_health: () => health.measure(),
});
