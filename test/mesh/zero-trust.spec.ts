// What nobody in the mesh is trusted with, over real servers.
import type { Transport } from '@labmesh/bus';
import { afterAll, beforeAll } from 'vitest';
import { sharedMesh } from '../harness/shared-mesh.js';
import { verifies } from '../requirements.js';
import { decisionsForOthers } from '../story/access.story.js';
import { boundTokens } from '../story/audience.story.js';
import { ownershipWalk } from '../story/ownership.story.js';
import { beyondNeeds, type Intruder, stolenPass } from '../story/zero-trust.story.js';

const mesh = sharedMesh();
let transport: Transport;
let intruder: Intruder;
beforeAll(async () => {
  // Somebody who has all the rights at the broker that an endpoint has, and no pass.
  transport = await mesh.lab.connectBus('gateway');
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
verifies('access:decided', () => decisionsForOthers(mesh.lab));
