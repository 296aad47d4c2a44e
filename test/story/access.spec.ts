// Decisions for other systems of the lab, over HTTP as the AuthZEN 1.0 API has it.
import { afterAll, beforeAll, expect } from 'vitest';
import { type LabUnderTest, oneProcessLab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

let lab: LabUnderTest;
beforeAll(async () => {
  lab = await oneProcessLab();
});
afterAll(() => lab?.[Symbol.asyncDispose]());

async function post(url: string, body: unknown, token?: string) {
  const headers = {
    'content-type': 'application/json',
    'x-request-id': 'req-7',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(url, { method: 'POST', headers, body: text });
  return { status: answer.status, id: answer.headers.get('x-request-id'), body: await answer.json() };
}

verifies('access:decided', async () => {
  const described = (await (await fetch(`${lab.url}/.well-known/authzen-configuration`)).json()) as Record<
    string,
    string
  >;
  const { access_evaluation_endpoint: one = '', access_evaluations_endpoint: many = '' } = described;
  expect(described.policy_decision_point).toBe(lab.url);
  const token = lab.operatorToken();
  await using operator = await lab.connect(token);
  const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', {
    role: 'researcher',
  });
  const subject = { type: 'wallet', id: walletId };
  const action = { name: 'call' };
  const resource = { type: 'tool', id: 'curator_submit_dataset' };
  expect(await post(one, { subject, action, resource }, token)).toMatchObject({
    status: 200,
    id: 'req-7',
    body: { decision: true, context: { rule: 'permission_held' } },
  });
  const evaluations = [{ resource }, { resource: { type: 'tool', id: 'sentinel_rotate_keys' } }];
  const listed = await post(many, { subject, action, evaluations }, token);
  expect(listed.body).toMatchObject({ evaluations: [{ decision: true }, { decision: false }] });
  expect(await post(many, { subject, action, resource }, token)).toMatchObject({ body: { decision: true } });

  expect(await post(one, { subject, action }, token)).toMatchObject({ status: 400 });
  expect(await post(one, '{"subject":', token)).toMatchObject({ status: 400 });
  expect(await post(one, { subject, action, resource })).toMatchObject({ status: 401 });
  const { token: theirs } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', { walletId });
  expect(await post(one, { subject, action, resource }, theirs)).toMatchObject({ status: 403 });

  await using researcher = await lab.connect(theirs);
  expect(await researcher.call('sentinel_explain_access', { tool: 'sentinel_rotate_keys' })).toMatchObject({
    allowed: false,
    roles: ['operator'],
    changes: ['A wallet with one of the roles operator'],
  });
});
