// What the Mechanic needs to tell how the lab is, and to keep it running: for Nest.
import type { Provider } from '@nestjs/common';
import { DatabaseRepository } from '../health/database.repository.js';
import { GpuHolders } from '../health/gpu-holders.js';
import { Health, HealthSources } from '../health/health.js';
import { JobFiguresRepository } from '../health/job-figures.repository.js';
import { MeshState } from '../health/mesh-state.js';
import { RollCall } from '../health/roll-call.js';
import { Machine } from '../machine/machine.js';
import { Monitoring } from '../monitoring/monitoring.js';
import { WorkMetrics } from '../monitoring/work-metrics.js';
import { WrittenFiles } from '../monitoring/written-files.repository.js';
import { JobQueueRepository } from '../queue/job-queue.repository.js';
import { CircuitFinder } from '../recovery/circuit-finder.js';
import { JobFinder, RecoveryHands } from '../recovery/job-finder.js';
import { JobTroublesRepository } from '../recovery/job-troubles.repository.js';
import { Recovery } from '../recovery/recovery.js';
import { RecoveryLog } from '../recovery/recovery-log.repository.js';
import { Restarts } from '../recovery/restarts.repository.js';

export const operationProviders: Provider[] = [
  RollCall,
  MeshState,
  DatabaseRepository,
  JobQueueRepository,
  JobFiguresRepository,
  GpuHolders,
  Machine,
  HealthSources,
  Health,
  WrittenFiles,
  Monitoring,
  WorkMetrics,
  JobTroublesRepository,
  Restarts,
  RecoveryHands,
  JobFinder,
  CircuitFinder,
  RecoveryLog,
  Recovery,
];
