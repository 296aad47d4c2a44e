// What the Mechanic's module needs for jobs and nodes, in one list.

import type { Role } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { AttemptQueues, AttemptRows, JobArrays, JobPages, JobRows, NodeRows, Placement, Sweep } from '@labmesh/jobs';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import type { Provider, Type } from '@nestjs/common';
import { MECHANIC_CONFIG, type MechanicConfig, readMechanicConfig } from '../config.js';
import { Nodes } from '../nodes/nodes.js';
import { JobPrices } from '../nodes/prices.js';
import { AskedHolds } from './asked-holds.repository.js';
import { Gangs } from './gangs.repository.js';
import { GivenBlobs } from './given-blobs.repository.js';
import { JobFiles } from './job-files.js';
import { JobInheritance } from './job-inheritance.repository.js';
import { JobList } from './job-list.js';
import { JobRetries } from './job-retries.js';
import { JobSubmissions } from './job-submissions.js';
import { NewJobs } from './new-jobs.repository.js';
import { Pending } from './pending.js';
import { Placing } from './placing.js';
import { ToldEnds } from './told-ends.repository.js';

/** Of a class over the database alone. */
const rows = (of: Type<unknown> & (new (database: Database) => unknown)): Provider => ({
  provide: of,
  inject: [DATABASE],
  useFactory: (database: Database) => new of(database),
});

export const jobProviders: Provider[] = [
  { provide: MECHANIC_CONFIG, useFactory: () => readMechanicConfig() },
  ...[JobRows, JobArrays, JobPages, AttemptRows, NodeRows, Sweep].map(rows),
  {
    provide: Placement,
    inject: [DATABASE, MECHANIC_CONFIG],
    useFactory: (database: Database, { jobQuotas, reserveAfterMs }: MechanicConfig) =>
      new Placement(database, { quotaOf: (role) => jobQuotas[role as Role] ?? {}, reserveAfterMs }),
  },
  {
    provide: AttemptQueues,
    inject: [LAB_CONFIG, DATABASE],
    useFactory: (config: LabConfig, database: Database) => new AttemptQueues({ config, database }),
  },
  ToldEnds,
  AskedHolds,
  Gangs,
  GivenBlobs,
  JobFiles,
  NewJobs,
  Placing,
  JobSubmissions,
  JobInheritance,
  JobRetries,
  JobList,
  Pending,
  JobPrices,
  Nodes,
];
