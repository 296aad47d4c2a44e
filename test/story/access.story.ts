// Decisions for other systems of the lab, over HTTP as the AuthZEN 1.0 API has it; told the same in both modes.
import { expect } from 'vitest';
import type { Lab } from '../harness/lab-under-test.js';

const JSON_TYPE = 'application/json';

interface Sent {
  readonly token?: string | undefined;
  readonly type?: string;
  readonly method?: string;
}

async function send(url: string, body: unknown, { token, type = JSON_TYPE, method = 'POST' }: Sent = {}) {
  const headers = {
    'content-type': type,
    'x-request-id': 'req-7',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(url, { method, headers, ...(method === 'GET' ? {} : { body: text }) });
  const id = answer.headers.get('x-request-id');
  return { status: answer.status, id, body: (await answer.json()) as Record<string, unknown> };
}

interface Audited {
  readonly records: ReadonlyArray<Record<string, unknown>>;
}

export async function decisionsForOthers(lab: Lab): Promise<void> {
  const found = await fetch(`${lab.url}/.well-known/authzen-configuration`);
  const described = (await found.json()) as Record<string, string>;
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
  const question = { subject, action, resource };
  expect(await send(one, question, { token, type: 'Application/JSON; charset=utf-8' })).toMatchObject({
    status: 200,
    id: 'req-7',
    body: { decision: true, context: { rule: 'permission_held' } },
  });
  const asked = async (evaluations: unknown[], options = {}) => {
    const { status, body } = await send(many, { subject, action, evaluations, options }, { token });
    expect(status).toBe(200);
    return (body.evaluations as Array<{ decision: boolean }>).map(({ decision }) => decision);
  };
  const other = { resource: { type: 'tool', id: 'sentinel_rotate_keys' } };
  expect(await asked([{ resource }, other])).toEqual([true, false]);
  expect(await asked([other, { resource }], { evaluations_semantic: 'deny_on_first_deny' })).toEqual([false]);
  // One that cannot be decided on is denied alone, whatever is wrong with it.
  const odd = [{ subject: { type: 'wallet', id: 'wal_\0' }, resource }, { subject: 7, resource }, null, 'x', [], {}];
  expect(await asked([{ resource }, ...odd, { resource }])).toEqual([true, ...odd.map(() => false), true]);
  expect(await send(many, question, { token })).toMatchObject({ body: { decision: true } });
  const nobody = { ...question, subject: { type: 'wallet', id: '\0' } };
  expect(await send(one, nobody, { token })).toMatchObject({
    status: 200,
    body: { decision: false, context: { rule: 'unknown_subject' } },
  });

  await refusals({ one, many, question, token });
  const { token: theirs } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', { walletId });
  expect(await send(one, question, { token: theirs })).toMatchObject({ status: 403, id: 'req-7' });

  // That somebody asked, or could not say who they are, is in the audit log.
  const records = async (filter: object) =>
    (await operator.call<Audited>('sentinel_audit_query', { agent: 'sentinel', tool: 'evaluate_access', ...filter }))
      .records;
  await expect
    .poll(() => records({ outcome: 'ok' }))
    .toContainEqual(
      expect.objectContaining({ about: { walletId }, decision: 'allow', inputHash: expect.stringMatching(/^\w{64}$/) }),
    );
  await expect.poll(() => records({ walletId, decision: 'deny' })).toHaveLength(1);
  await expect.poll(() => records({ outcome: 'invalid_input' })).not.toHaveLength(0);
  await expect
    .poll(async () => (await operator.call<Audited>('sentinel_audit_query', { tool: 'authenticate' })).records)
    .not.toHaveLength(0);
}

/** The caller's own id of the request comes back with each. */
async function refusals({
  one,
  many,
  question,
  token,
}: Record<'one' | 'many' | 'token', string> & { question: object }): Promise<void> {
  const list = (evaluations: unknown) => ({ ...question, evaluations });
  const refused: Array<[number, string, unknown, Sent]> = [
    [400, one, { ...question, resource: undefined }, { token }],
    [400, one, '{"subject":', { token }],
    [400, one, [], { token }],
    [400, one, `${'['.repeat(1_000)}${']'.repeat(1_000)}`, { token }],
    [400, many, list('all'), { token }],
    [400, many, list(Array.from({ length: 501 }, () => ({}))), { token }],
    [400, many, { ...list([{}]), options: { evaluations_semantic: 'some' } }, { token }],
    [401, one, question, {}],
    [401, many, question, { token: `${token.slice(0, -1)}_` }],
    [405, one, '', { token, method: 'GET' }],
    [413, one, { ...question, context: { text: 'x'.repeat(300_000) } }, { token }],
    [415, one, question, { token, type: 'text/plain' }],
    [415, many, question, { token, type: 'application/x-www-form-urlencoded' }],
  ];
  for (const [status, url, body, how] of refused)
    expect(await send(url, body, how), `${status} ${url}`).toMatchObject({
      status,
      id: 'req-7',
      body: { message: expect.stringMatching(/.{20}/) },
    });
}
