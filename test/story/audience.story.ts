// Tokens that are bound to one place: good there, of no use anywhere else, and of no help in getting one that is.
import type { LabClient } from '@labmesh/testing';
import { connectLab } from '@labmesh/testing';
import { expect } from 'vitest';
import type { Lab } from '../harness/lab-under-test.js';

interface Made {
  readonly token: string;
  readonly audience?: string;
  readonly refreshToken?: string;
}

/** Which of the places let this token in. */
async function letIn(token: string, places: Readonly<Record<string, string>>): Promise<string[]> {
  const open: string[] = [];
  for (const [name, url] of Object.entries(places)) {
    const client = await connectLab({ url, token }).catch(() => undefined);
    if (client === undefined) continue;
    if ((await client.toolNames()).length > 0) open.push(name);
    await client[Symbol.asyncDispose]();
  }
  return open;
}

/** @param own the curator's endpoint in a process of its own, where there is one */
export async function boundTokens(lab: Lab, own?: string): Promise<void> {
  const places = {
    gateway: `${lab.url}/mcp`,
    curator: `${lab.url}/agents/curator/mcp`,
    sentinel: `${lab.url}/agents/sentinel/mcp`,
    ...(own === undefined ? {} : { own }),
  };
  const served = ['gateway', 'curator', 'sentinel'];
  const ofCurator = own === undefined ? ['curator'] : ['curator', 'own'];
  await using operator = await lab.connect(lab.operatorToken());
  const make = (client: LabClient, wish: object, tool = 'sentinel_generate_wallet_token'): Promise<Made> =>
    client.call<Made & Record<string, unknown>>(tool, { ...wish });

  const usual = await make(operator, {});
  expect(usual.audience).toBe('gateway');
  expect(await letIn(usual.token, places)).toEqual(served);
  const bound = await make(operator, { audience: 'curator', refreshable: true });
  expect(bound.audience).toBe('curator');
  expect(await letIn(bound.token, places)).toEqual(ofCurator);
  const key = await make(operator, { kind: 'client_key', audience: 'curator' });
  expect(await letIn(key.token, places)).toEqual(ofCurator);
  expect(await letIn((await make(operator, { kind: 'client_key' })).token, places)).toEqual(Object.keys(places));

  // What is renewed stays where it was bound.
  const form = { grant_type: 'refresh_token', refresh_token: bound.refreshToken ?? '' };
  const renewed = await fetch(`${lab.url}/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: next } = (await renewed.json()) as { access_token: string };
  expect(await letIn(next, places)).toEqual(ofCurator);

  // A token of the Sentinel's endpoint makes none for another place, nor a link into the page.
  const { token } = await make(operator, { audience: 'sentinel' });
  await using atSentinel = await connectLab({ url: places.sentinel, token });
  for (const audience of ['gateway', 'curator'])
    expect(await atSentinel.refused('generate_wallet_token', { audience })).toMatchObject({ code: 'forbidden' });
  expect(await atSentinel.refused('create_sign_in_link')).toMatchObject({ code: 'forbidden' });
  for (const kind of ['access', 'client_key']) {
    const made = await make(atSentinel, { kind }, 'generate_wallet_token');
    expect(await letIn(made.token, places)).toEqual(['sentinel']);
  }
  const refused = await fetch(places.gateway, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ message: expect.stringContaining('sentinel’s own endpoint') as string });
}
