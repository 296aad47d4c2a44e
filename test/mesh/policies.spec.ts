// Policies over separate processes: told over NATS, learnt by processes that come later, and by every replica of the Sentinel.
import { beforeAll, expect } from 'vitest';
import { personWith, restoreBuiltIn, setPolicy, untilOutcome } from '../harness/policy.js';
import { runningMesh } from '../harness/running-mesh.js';
import { verifies } from '../requirements.js';
import { DENIAL, expectSoon, policyStory } from '../story/policies.story.js';

const mesh = runningMesh();
let curator: string;
beforeAll(async () => {
  const { port } = await mesh.lab.replica('curator');
  curator = `http://127.0.0.1:${port}`;
});

policyStory(() => ({ lab: mesh.lab, operator: mesh.operator, gateway: mesh.lab.url, curator }));

verifies('policy:late', async () => {
  const { lab, operator } = mesh;
  const [researcher, other] = [await personWith(operator, 'researcher'), await personWith(operator, 'researcher')];
  const at = (port: number) => ({ url: `http://127.0.0.1:${port}`, tool: 'list_available_datasets' });
  await setPolicy(operator, { rules: [DENIAL] });
  // From now on nothing is told any more but by processes that did not set it.
  const sentinel = await lab.replica('sentinel');
  await lab.child('sentinel').crash();
  const late = await lab.replica('curator');
  await expectSoon([at(late.port)], researcher, 'forbidden');
  await expectSoon([{ url: lab.url, tool: `curator_${at(0).tool}` }], other, 'forbidden');
  await lab.start('sentinel');
  await sentinel.child.crash();
  await untilOutcome(at(late.port), other, 'forbidden');
  await restoreBuiltIn(operator);
  await expectSoon([at(late.port), { url: curator, tool: at(0).tool }], researcher, 'ok');
  expect((await operator.call<{ versions: object[] }>('sentinel_list_policies')).versions.length).toBeGreaterThan(2);
});
