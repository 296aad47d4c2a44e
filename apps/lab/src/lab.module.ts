// Every agent and the gateway in one process.

import { ArchitectModule } from '@labmesh/architect';
import { ChancellorModule } from '@labmesh/chancellor';
import { CuratorModule } from '@labmesh/curator';
import { GatewayModule } from '@labmesh/gateway';
import { LibrarianModule } from '@labmesh/librarian';
import { MechanicModule } from '@labmesh/mechanic';
import { SentinelModule } from '@labmesh/sentinel';
import { WorkerModule } from '@labmesh/worker';
import { Module } from '@nestjs/common';
import { BackupRoutes } from './backup/backup.routes.js';

@Module({
  imports: [
    SentinelModule,
    ChancellorModule,
    CuratorModule,
    ArchitectModule,
    MechanicModule,
    LibrarianModule,
    WorkerModule,
    GatewayModule.for(),
  ],
  providers: [BackupRoutes],
})
export class LabModule {}
