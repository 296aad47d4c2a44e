// A mesh whose Sentinel goes away and comes back, and an agent whose clock is ahead: streams, policies and passes meanwhile.
import { join } from 'node:path';
import { beforeAll, expect } from 'vitest';
import { auditStream } from '../harness/audit-events.js';
import { ROOT } from '../harness/lab-under-test.js';
import { personWith, restoreBuiltIn, setPolicy, untilOutcome } from '../harness/policy.js';
import { runningMesh } from '../harness/running-mesh.js';
import { verifies } from '../requirements.js';
import { DENIAL, expectSoon } from '../story/policies.story.js';
import { call, type Intruder, passTo } from '../story/zero-trust.story.js';

const mesh = runningMesh();
let curator: string;
beforeAll(async () => {
  const { port } = await mesh.lab.replica('curator');
  curator = `http://127.0.0.1:${port}`;
});

verifies('audit:live', async () => {
  // The Sentinel goes and comes back: the stream waits for it, and has what was recorded meanwhile.
  const lonely = await mesh.lab.child('sentinel');
  const stream = await auditStream(mesh.lab, mesh.lab.operatorToken(), { query: { tool: 'get_balance' } });
  expect(stream.status).toBe(200);
  await lonely.crash();
  await mesh.lab.start('sentinel');
  await mesh.operator.call('chancellor_get_balance');
  await expect.poll(() => stream.records().length).toBe(1);
  stream.cut();
});

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

// The last: from then on the architect lives in the future.
verifies('trust:old-pass', async () => {
  const transport = await mesh.lab.servers.connect('gateway');
  const intruder: Intruder = { bus: transport.bus, url: mesh.lab.url, token: mesh.lab.operatorToken() };
  const pass = await passTo(intruder, 'architect');
  const list = () => call(intruder, 'architect.list_available_templates', {}, pass);
  expect(await list()).toHaveProperty('templates');
  await mesh.lab.child('architect').stop();
  await mesh.lab.replica('architect', { NODE_OPTIONS: `--import=${join(ROOT, 'test/harness/later.mjs')}` });
  await expect(list()).rejects.toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('expired') });
  await transport.close();
});
