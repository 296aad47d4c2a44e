// Gateway, Sentinel and Mechanic in one measured process, and beside them what a worker does with a job's output: real processes write
// to pipes, and what comes out goes to the log. Each SIGUSR2 starts the next job.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { startProcess } from '@labmesh/agent';
import { BLOBS, BlobReferences, type Blobs } from '@labmesh/blobs';
import { DATABASE, type Database } from '@labmesh/db';
import { GatewayModule } from '@labmesh/gateway';
import { JobLogs, LogChunks, logQuestionsController } from '@labmesh/jobs';
import { MechanicModule } from '@labmesh/mechanic';
import { LAB_CONFIG, type LabConfig, readLabConfig } from '@labmesh/runtime';
import { SentinelModule } from '@labmesh/sentinel';
import { Module } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { serveUsage } from '../measured-child.js';
import { BenchJobs } from './bench-job.repository.js';

const workerId = uuidv7();

@Module({
  imports: [GatewayModule.for(), SentinelModule, MechanicModule],
  controllers: [logQuestionsController(workerId)],
  providers: [
    {
      provide: JobLogs,
      inject: [DATABASE, BLOBS, LAB_CONFIG],
      useFactory: (database: Database, blobs: Blobs, { home }: LabConfig) => {
        const references = new BlobReferences({ database, store: blobs.of('mechanic'), agent: 'mechanic' });
        return new JobLogs({ folder: join(home, 'jobs'), chunks: new LogChunks(database, references) });
      },
    },
  ],
})
class BenchModule {}

const wide = { LABMESH_RATE_PER_SECOND: '100000', LABMESH_CONCURRENCY: '10000' };
const config = readLabConfig({ port: 0, home: '.labmesh-bench', logLevel: 'error' }, { ...wide, ...process.env });
const lab = await startProcess({ name: 'logs', module: BenchModule, config, database: true, blobs: true });
const jobs = new BenchJobs(lab.get(DATABASE));
const logs = lab.get(JobLogs);
await jobs.enroll(workerId);

/** What a job runs: a script of Node's own. */
const scripts = JSON.parse(process.env.BENCH_SCRIPTS ?? '[]') as string[];
const waiting: Array<{ readonly jobId: string; readonly script: string }> = [];
for (const script of scripts) waiting.push({ jobId: await jobs.begin(workerId), script });

async function run({ jobId, script }: (typeof waiting)[number]): Promise<void> {
  const log = await logs.open({ jobId, number: 1 });
  const { stdout } = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const bytes of stdout as Readable) await log.write('stdout', bytes as Buffer);
  await log.close();
  await jobs.end(jobId);
}

const jobIds = waiting.map(({ jobId }) => jobId);
process.on('SIGUSR2', () => {
  const next = waiting.shift();
  if (next !== undefined) void run(next);
});
const token = readFileSync(join(config.home, 'operator.token'), 'utf8').trim();
process.once('SIGTERM', () => void lab.stop().then(() => process.exit(0)));
serveUsage({ port: lab.port, pid: process.pid, token, jobIds });
