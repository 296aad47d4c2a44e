// Policies in one process.
import { connectLab, type LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { type LabUnderTest, oneProcessLab } from '../harness/lab-under-test.js';
import { callAt, personWith, restoreBuiltIn, setPolicy } from '../harness/policy.js';
import { verifies } from '../requirements.js';
import { DENIAL, policyStory } from './policies.story.js';

let lab: LabUnderTest;
let operator: LabClient;
beforeAll(async () => {
  lab = await oneProcessLab();
  operator = await connectLab({ url: `${lab.url}/mcp`, token: lab.operatorToken() });
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await lab?.[Symbol.asyncDispose]();
});

policyStory(() => ({ lab, operator, gateway: lab.url, curator: `${lab.url}/agents/curator` }));

verifies('policy:late', async () => {
  const researcher = await personWith(operator, 'researcher');
  const demoted = await personWith(operator, 'developer');
  const { version } = await setPolicy(operator, { rules: [DENIAL] });
  await operator.call('sentinel_set_role', { walletId: demoted.walletId, role: 'citizen' });
  await lab.crashAndRestart();
  const place = { url: lab.url, tool: 'curator_list_available_datasets' };
  expect((await callAt(place, researcher)).body).toMatchObject({ code: 'forbidden' });
  expect((await callAt(place, demoted)).isError).toBe(false);
  expect((await callAt({ ...place, tool: 'curator_submit_dataset' }, demoted)).body).toMatchObject({
    code: 'forbidden',
  });
  await using again = await lab.connect(lab.operatorToken());
  expect(await again.call('sentinel_list_policies')).toMatchObject({ inForce: version });
  await restoreBuiltIn(again);
  expect((await callAt(place, researcher)).isError).toBe(false);
});
