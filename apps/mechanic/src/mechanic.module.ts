// Wiring of the Mechanic: contract, checks, queue and machine. No logic.
import { agentModule } from '@labmesh/agent';
import { mechanic } from '@labmesh/contracts';
import { Module } from '@nestjs/common';
import { DatabaseRepository } from './health/database.repository.js';
import { Health } from './health/health.js';
import { RollCall } from './health/roll-call.js';
import { Machine } from './machine/machine.js';
import { mechanicPrompts } from './mechanic.prompts.js';
import { mechanicTools } from './mechanic.tools.js';
import { JobQueueRepository } from './queue/job-queue.repository.js';

@Module(
  agentModule(mechanic, {
    providers: [RollCall, DatabaseRepository, JobQueueRepository, Machine, Health],
    tools: { inject: [Health], useFactory: mechanicTools },
    prompts: { inject: [], useFactory: mechanicPrompts },
  }),
)
export class MechanicModule {}
