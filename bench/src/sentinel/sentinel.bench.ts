// What the Sentinel's parts cost: checking tokens, deciding, keeping the audit log, scoring calls. Each beside a baseline of the
// same run: what the same machine needs for the least that such a step must do.
import { rm } from 'node:fs/promises';
import { startProcess } from '@labmesh/agent';
import { type LabConfig, readLabConfig } from '@labmesh/runtime';
import { SentinelModule } from '@labmesh/sentinel';
import { postgresDatabase, temporaryFolder } from '@labmesh/testing';
import type { Type } from '@nestjs/common';
import { type BenchResult, result } from '../report.js';
import { appends } from './appends.js';
import { decisions } from './decisions.js';
import type { Part, Running } from './part.js';
import { ReadLabModule, readAudit } from './read-audit.js';
import { scores } from './scores.js';
import { tokens } from './tokens.js';

export async function sentinelBench(): Promise<BenchResult> {
  await using postgres = await postgresDatabase();
  const parts: Part[] = [
    await inLab(SentinelModule, {}, tokens),
    decisions(),
    await inLab(SentinelModule, {}, (lab) => appends(lab, 'embedded')),
    await inLab(SentinelModule, { DATABASE_URL: postgres.url }, (lab) => appends(lab, 'PostgreSQL')),
    await inLab(ReadLabModule, {}, readAudit),
    await scores(),
  ];
  return result(
    'sentinel',
    parts.flatMap(({ figures }) => figures),
    parts.flatMap(({ floors }) => floors),
  );
}

async function inLab(
  module: Type,
  env: Record<string, string>,
  measure: (lab: Running) => Promise<Part>,
): Promise<Part> {
  const home = await temporaryFolder('bench-sentinel');
  const config: LabConfig = readLabConfig({ port: 0, home, logLevel: 'error' }, env);
  const lab = await startProcess({ name: 'bench', module, config, database: true });
  try {
    return await measure(lab);
  } finally {
    await lab.stop();
    await rm(home, { recursive: true, force: true });
  }
}
