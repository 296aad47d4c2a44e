// What the audit log adds to a call that only reads: the same handler through the same steps, once recorded with a receipt
// and once not. The Sentinel stores, signs for and scores the records meanwhile in the same process, as in a lab.

import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { agentModule } from '@labmesh/agent';
import { type Bus, callHeaders } from '@labmesh/bus';
import { defineAgent, defineTool, toolSubject } from '@labmesh/contracts';
import { Authenticator } from '@labmesh/endpoint';
import { BUS, newId } from '@labmesh/runtime';
import { OperatorAccount, SentinelModule } from '@labmesh/sentinel';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { atMost, round } from '../report.js';
import { quantile, timed } from '../timed.js';
import { figure, type Part, type Running } from './part.js';

const TURNS = 6;
const CALLS = 3_000;
/** Longer than records wait for company, so that the recorded calls' are stored before the others' turn. */
const PAUSE_MS = 200;
const ROWS = 40;
const ADDED_P99_MAX_US = 1_000;

const Rows = z.object({ rows: z.array(z.object({ at: z.string(), flux: z.number() })) });
const audited = defineTool({
  title: 'Read rows',
  description: 'Answers rows of a table.',
  effect: 'read',
  permission: 'dataset:read',
  input: z.object({ table: z.string() }),
  output: Rows,
  errors: [],
  timeoutMs: 5_000,
});
const reader = defineAgent({
  name: 'reader',
  title: 'The reader',
  description: 'For measuring.',
  tools: { recorded: audited, unrecorded: defineTool({ ...audited, visibility: 'internal' }) },
});

const read = (): z.infer<typeof Rows> => ({
  rows: Array.from({ length: ROWS }, (_, at) => ({ at: `2026-01-01T00:00:${at}Z`, flux: at / 7 })),
});

@Module(agentModule(reader, { tools: { inject: [], useFactory: () => ({ recorded: read, unrecorded: read }) } }))
class ReaderModule {}

@Module({ imports: [SentinelModule, ReaderModule] })
export class ReadLabModule {}

export async function readAudit(lab: Running): Promise<Part> {
  const bus = lab.get<Bus>(BUS);
  const operator = (await readFile(lab.get<OperatorAccount>(OperatorAccount).tokenPath, 'utf8')).trim();
  const authenticator = lab.get<Authenticator>(Authenticator);
  const turn = async (tool: keyof typeof reader.tools): Promise<number[]> => {
    const pass = await authenticator.passFor(operator, reader.name);
    const subject = toolSubject(reader.name, tool);
    const headers = callHeaders({ callId: newId(), deadline: Date.now() + 60_000, pass, wantsReceipt: true });
    const times = await timed(CALLS, () =>
      bus.request(subject, { table: 'x-ray flux' }, { headers, timeoutMs: 5_000 }),
    );
    await sleep(PAUSE_MS);
    return times;
  };
  await turn('unrecorded');
  await turn('recorded');
  const times = { recorded: [] as number[], unrecorded: [] as number[] };
  for (let at = 0; at < TURNS; at += 1) {
    times.unrecorded.push(...(await turn('unrecorded')));
    times.recorded.push(...(await turn('recorded')));
  }
  const recorded = times.recorded.toSorted((a, b) => a - b);
  const unrecorded = times.unrecorded.toSorted((a, b) => a - b);
  const added = quantile(recorded, 0.99) - quantile(unrecorded, 0.99);
  return {
    figures: [figure('a read that is recorded, with a receipt, beside one that is not', recorded, unrecorded)],
    floors: [atMost('recording a read adds to its p99: us', round(added), ADDED_P99_MAX_US)],
  };
}
