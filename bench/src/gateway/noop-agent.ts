// An agent with one tool that does nothing but answer: what is left is the cost of the way to it and back.

import { agentModule } from '@labmesh/agent';
import { defineAgent, defineTool } from '@labmesh/contracts';
import { Module } from '@nestjs/common';
import { z } from 'zod';

export const noop = defineAgent({
  name: 'noop',
  title: 'The no-op agent',
  description: 'For measuring.',
  tools: {
    echo: defineTool({
      title: 'Answer what came',
      description: 'Answers its input.',
      effect: 'read',
      permission: 'agent:read',
      input: z.object({ message: z.string() }),
      output: z.object({ message: z.string() }),
      errors: [],
      timeoutMs: 5_000,
    }),
  },
});

@Module(
  agentModule(noop, { tools: { inject: [], useFactory: () => ({ echo: (input: { message: string }) => input }) } }),
)
export class NoopModule {}
