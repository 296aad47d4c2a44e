// Policies over separate processes: told over NATS, at the gateway and at an agent's own endpoint.
import { beforeAll } from 'vitest';
import { sharedMesh } from '../harness/shared-mesh.js';
import { policyStory } from '../story/policies.story.js';

const mesh = sharedMesh();
let curator: string;
beforeAll(async () => {
  const { port } = await mesh.lab.replica('curator');
  curator = `http://127.0.0.1:${port}`;
});

policyStory(() => ({ lab: mesh.lab, operator: mesh.operator, gateway: mesh.lab.url, curator }));
