// Gateway, Sentinel and keeper in one measured process, with a folder for bytes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess } from '@labmesh/agent';
import { GatewayModule } from '@labmesh/gateway';
import { readLabConfig } from '@labmesh/runtime';
import { SentinelModule } from '@labmesh/sentinel';
import { Module } from '@nestjs/common';
import { serveUsage } from '../measured-child.js';
import { KeeperModule, keeper } from './keeper-agent.js';

@Module({ imports: [GatewayModule.for([keeper]), SentinelModule, KeeperModule] })
class BenchModule {}

const config = readLabConfig({ port: 0, home: '.labmesh-bench', logLevel: 'error' }, process.env);
const lab = await startProcess({ name: 'bytes', module: BenchModule, config, database: true, blobs: true });
const token = readFileSync(join(config.home, 'operator.token'), 'utf8').trim();
process.once('SIGTERM', () => void lab.stop().then(() => process.exit(0)));
serveUsage({ port: lab.port, pid: process.pid, token });
