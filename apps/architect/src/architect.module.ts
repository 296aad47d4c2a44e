// Wiring of the Architect: contract and vials. No logic.
import { join } from 'node:path';
import { agentModule } from '@labmesh/agent';
import { architect } from '@labmesh/contracts';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Module } from '@nestjs/common';
import { architectPrompts } from './architect.prompts.js';
import { architectResources } from './architect.resources.js';
import { architectTools } from './architect.tools.js';
import { readVials } from './templates/reading.js';
import { Shelf } from './templates/shelf.js';

@Module(
  agentModule(architect, {
    providers: [
      {
        provide: Shelf,
        inject: [LAB_CONFIG],
        useFactory: async ({ installRoot }: LabConfig) =>
          new Shelf(await readVials(join(installRoot, 'apps/architect/vials'))),
      },
    ],
    tools: { inject: [Shelf], useFactory: architectTools },
    resources: { inject: [Shelf], useFactory: architectResources },
    prompts: { inject: [Shelf], useFactory: architectPrompts },
  }),
)
export class ArchitectModule {}
