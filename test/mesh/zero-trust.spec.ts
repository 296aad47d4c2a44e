// What nobody in the mesh is trusted with, over real servers.
import { join } from 'node:path';
import { createTransport, type Transport } from '@labmesh/bus';
import { afterAll, beforeAll, expect } from 'vitest';
import { ROOT } from '../harness/lab-under-test.js';
import { runningMesh } from '../harness/running-mesh.js';
import { verifies } from '../requirements.js';
import { boundTokens } from '../story/audience.story.js';
import { ownershipWalk } from '../story/ownership.story.js';
import { beyondNeeds, call, type Intruder, passTo, stolenPass } from '../story/zero-trust.story.js';

const mesh = runningMesh();
let transport: Transport;
let intruder: Intruder;
beforeAll(async () => {
  transport = await createTransport({ natsUrl: mesh.lab.natsUrl, name: 'intruder' });
  intruder = { bus: transport.bus, url: mesh.lab.url, token: mesh.lab.operatorToken() };
});
afterAll(() => transport?.close());

verifies('tokens:audience', async () => {
  const { port } = await mesh.lab.replica('curator');
  await boundTokens(mesh.lab, `http://127.0.0.1:${port}/mcp`);
});

verifies('trust:stolen-pass', () => stolenPass(intruder));
verifies('trust:needs', () => beyondNeeds(intruder));
verifies('trust:ownership', () => ownershipWalk(mesh.lab));

// The last: from then on the architect lives in the future.
verifies('trust:old-pass', async () => {
  const pass = await passTo(intruder, 'architect');
  const list = () => call(intruder, 'architect.list_available_templates', {}, pass);
  expect(await list()).toHaveProperty('templates');
  await mesh.lab.child('architect').stop();
  await mesh.lab.replica('architect', { NODE_OPTIONS: `--import=${join(ROOT, 'test/harness/later.mjs')}` });
  await expect(list()).rejects.toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('expired') });
});
