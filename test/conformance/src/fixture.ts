// The fixture agent: what the official conformance suites call, declared and handled by the same kit as the lab's own agents.
// For tests only; it owns no data.

import { agentModule } from '@labmesh/agent';
import type { Bus } from '@labmesh/bus';
import { defineAgent, defineTool, type Handlers, PRESENCE_SUBJECT } from '@labmesh/contracts';
import { BUS } from '@labmesh/runtime';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { askingHandlers, askingTools } from './asking.js';
import { promptHandlers, prompts, resourceHandlers, resources } from './offers.js';
import { reads, showingHandlers, showingTools } from './showing.js';

const change = (what: string) =>
  defineTool({
    ...reads,
    title: `Change the ${what}`,
    description: 'An agent comes and goes, which listeners hear.',
    input: z.object({}),
    output: z.object({ changed: z.boolean() }),
  });

export const fixture = defineAgent({
  name: 'conformance',
  title: 'The conformance fixture',
  description: 'For tests.',
  resources,
  prompts,
  tools: {
    ...showingTools,
    ...askingTools,
    test_trigger_tool_change: change('tools'),
    test_trigger_prompt_change: change('prompts'),
  },
});

/** An agent that nobody runs, so that its tool is listed as unavailable; only what it announces is there. */
export const passing = defineAgent({
  name: 'passing',
  title: 'An agent that passes by',
  description: 'For tests.',
  tools: {
    test_passing: defineTool({
      ...reads,
      title: 'Pass by',
      description: 'Its agent comes and goes, and is never there for a call.',
      input: z.object({}),
      output: z.object({}),
    }),
  },
});
/** Longer than listeners wait between two changes. */
const STAY_MS = 300;

/** What an agent that starts and stops soon after announces: its tool becomes available, and unavailable again. */
async function comeAndGo(bus: Pick<Bus, 'broadcast'>): Promise<{ changed: boolean }> {
  const announce = (leaving: boolean): void =>
    bus.broadcast(PRESENCE_SUBJECT, {
      instance: 'passing-by',
      leaving,
      agents: [{ name: passing.name, digest: 'any' }],
    });
  announce(false);
  await new Promise((resolve) => setTimeout(resolve, STAY_MS));
  announce(true);
  return { changed: true };
}

const handlers = (bus: Bus): Handlers<typeof fixture.tools> => ({
  ...showingHandlers,
  ...askingHandlers,
  test_trigger_tool_change: () => comeAndGo(bus),
  test_trigger_prompt_change: () => comeAndGo(bus),
});

@Module(
  agentModule(fixture, {
    tools: { inject: [BUS], useFactory: handlers },
    resources: { inject: [], useFactory: () => resourceHandlers },
    prompts: { inject: [], useFactory: () => promptHandlers },
  }),
)
export class FixtureModule {}
