// What was measured of the lab’s health, as its parts pass it on.
import type { mechanic, ToolOutput } from '@labmesh/contracts';

export type SystemHealth = ToolOutput<typeof mechanic.tools.get_system_health>;
/** What is measured; the Prometheus text is made from it. */
export type Measurements = Omit<SystemHealth, 'prometheus'>;
