// A tool whose database connection a real server ends in the middle of the call: its caller may come back, and can.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bus } from '@labmesh/bus';
import { defineAgent, defineTool, toolSubject } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { BUS, readLabConfig } from '@labmesh/runtime';
import { postgresDatabase } from '@labmesh/testing';
import { Module } from '@nestjs/common';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { agentModule } from '../agent-module.js';
import { startProcess } from '../start-process.js';

const demo = defineAgent({
  name: 'demo',
  title: 'Demo',
  description: 'For this test.',
  tools: {
    sleep: defineTool({
      title: 'Sleep',
      description: 'In the database, so many seconds.',
      effect: 'read',
      permission: null,
      visibility: 'internal',
      input: z.object({ seconds: z.number() }),
      output: z.object({}),
      errors: [],
      timeoutMs: 10_000,
    }),
  },
});

const tools = {
  inject: [DATABASE],
  useFactory: (database: Database) => ({
    async sleep({ seconds }: { seconds: number }) {
      await database.pool.query('SELECT pg_sleep($1)', [seconds]);
      return {};
    },
  }),
};
@Module(agentModule(demo, { tools }))
class DemoModule {}

it('a call whose database connection is lost is unavailable, not a fault of the lab', async () => {
  await using server = await postgresDatabase();
  const env = { LABMESH_HOME: mkdtempSync(join(tmpdir(), 'labmesh-lost-')), PORT: '0', DATABASE_URL: server.url };
  const config = readLabConfig({ port: 0, home: '.', logLevel: 'silent' }, env);
  const running = await startProcess({ name: 'test', module: DemoModule, config, database: true });
  try {
    const sleep = (seconds: number) =>
      running.get<Bus>(BUS).request(toolSubject('demo', 'sleep'), { seconds }, { headers: {}, timeoutMs: 10_000 });
    const failing = expect(sleep(5)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('connection to the database was lost'),
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await running
      .get<Database>(DATABASE)
      .pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND datname = current_database()",
      );
    await failing;
    expect(await sleep(0)).toEqual({});
  } finally {
    await running.stop();
  }
});
