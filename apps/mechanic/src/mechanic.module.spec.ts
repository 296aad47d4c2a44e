// The Mechanic as a process runs it: wiring, the in-process bus, the embedded database and the queue on it, all real.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningProcess, startProcess } from '@labmesh/agent';
import { mechanic } from '@labmesh/contracts';
import { readLabConfig } from '@labmesh/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Health } from './health/health.js';
import { MechanicModule } from './mechanic.module.js';

let home: string;
let running: RunningProcess;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'labmesh-mechanic-'));
  const config = readLabConfig({ port: 0, home, logLevel: 'silent' }, {});
  running = await startProcess({ name: 'mechanic', module: MechanicModule, config, database: true, blobs: true });
});

afterAll(async () => {
  await running?.stop();
  await rm(home, { recursive: true, force: true });
});

describe('the Mechanic', () => {
  it('finds itself on the bus and everybody else missing', async () => {
    const asked = () => running.get(Health).measure();
    // A machine that is busy with other things may not answer within the time that a check has.
    await expect.poll(async () => (await asked()).queue.status).toBe('up');
    const health = await asked();
    expect(mechanic.tools.get_system_health.output.parse(health)).toEqual(health);
    expect(health.services.filter(({ status }) => status === 'up')).toMatchObject([{ name: 'mechanic', instances: 1 }]);
    expect(health).toMatchObject({
      status: 'degraded',
      database: { status: 'up', kind: 'embedded' },
      queue: { status: 'up', kind: 'embedded', waiting: 0 },
      bus: { status: 'up', kind: 'in-process' },
      disk: { path: home },
    });
  });

  it('stops with its queue open', async () => {
    await running.get(Health).measure();
    await expect(running.stop()).resolves.toBeUndefined();
  });
});
