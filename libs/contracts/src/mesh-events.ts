// Events that belong to no agent: every process tells them of its own work. Whoever hears one looks it up here.

import { callsRecorded } from './audit.js';
import { errorsLogged } from './logged-errors.js';
import { unusualTextsFound } from './sentinel-anomalies.js';
import type { AgentContract, EventRef } from './tool.js';

export const MESH_EVENTS: readonly EventRef[] = [callsRecorded, unusualTextsFound, errorsLogged];

/** What an agent hears, of the agents there are. @throws Error for an event that nobody declares */
export function eventsHeard(contract: AgentContract, agents: readonly AgentContract[]): EventRef[] {
  const declared = [...MESH_EVENTS, ...agents.flatMap(({ events }) => Object.values(events))];
  return Object.entries(contract.hears).flatMap(([agent, names]) =>
    names.map((name) => {
      const found = declared.find((event) => event.agent === agent && event.name === name);
      if (found === undefined) throw new Error(`${contract.name} hears ${agent}.${name}, which nobody declares`);
      return found;
    }),
  );
}
