// The fixture agent: what the official conformance suites call, declared and handled by the same kit as the lab's own agents.
// For tests only; it owns no data.
import { agentModule, BUS } from '@labmesh/agent';
import type { Bus } from '@labmesh/bus';
import { defineAgent, defineTool, type Handlers, PRESENCE_SUBJECT } from '@labmesh/contracts';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { askingHandlers, askingTools } from './asking.js';
import { promptHandlers, prompts, resourceHandlers, resources } from './offers.js';
import { reads, showingHandlers, showingTools } from './showing.js';

const change = (what: string) =>
  defineTool({
    ...reads,
    title: `Change the ${what}`,
    description: 'A replica with another contract comes and goes, which listeners hear.',
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

/** Two announcements, as a replica that starts with another contract and stops at once would make them. */
function comeAndGo(bus: Pick<Bus, 'broadcast'>): { changed: boolean } {
  const agents = [{ name: fixture.name, digest: 'another' }];
  for (const leaving of [false, true]) bus.broadcast(PRESENCE_SUBJECT, { instance: 'passing-by', leaving, agents });
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
