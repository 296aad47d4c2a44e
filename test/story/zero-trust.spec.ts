// What nobody in the lab is trusted with, in one process. The clock is the only thing faked.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningProcess } from '@labmesh/agent';
import type { Bus } from '@labmesh/bus';
import { startLab } from '@labmesh/lab';
import { BUS } from '@labmesh/runtime';
import { freePort, temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { verifies } from '../requirements.js';
import { beyondNeeds, call, type Intruder, passTo, stolenPass } from './zero-trust.story.js';

let home: string;
let lab: RunningProcess;
let intruder: Intruder;
beforeAll(async () => {
  home = await temporaryFolder('zero-trust');
  const port = await freePort();
  lab = await startLab({ PORT: String(port), LABMESH_HOME: home, LABMESH_LOG_LEVEL: 'error' });
  const token = readFileSync(join(home, 'operator.token'), 'utf8').trim();
  intruder = { bus: lab.get<Bus>(BUS), url: `http://127.0.0.1:${port}`, token };
});
afterAll(async () => {
  vi.useRealTimers();
  await lab?.stop();
  await rm(home, { recursive: true, force: true });
});

verifies('trust:stolen-pass', () => stolenPass(intruder));
verifies('trust:needs', () => beyondNeeds(intruder));

verifies('trust:old-pass', async () => {
  const pass = await passTo(intruder, 'architect');
  const list = () => call(intruder, 'architect.list_available_templates', {}, pass);
  expect(await list()).toHaveProperty('templates');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 100_000 });
  await expect(list()).rejects.toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('expired') });
  await expect(passTo(intruder, 'chancellor', { pass, actor: 'architect' })).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  vi.useRealTimers();
});
