// Keys changed while people work: calls go on all the time, by old credentials and by new ones, and none is refused.
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import type { LabUnderTest } from '../harness/lab-under-test.js';
import { rawCall } from '../harness/raw-calls.js';

interface Made {
  readonly token: string;
}
interface Rotated {
  readonly keyId: string;
  readonly previousKeyId: string;
  readonly resealed: number;
  readonly lost: number;
}

/** Well within the rates of one wallet and of one tool. */
const PAUSE_MS = 80;
const TURNS_MAX = 4_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const make = (operator: LabClient, wish: object = {}): Promise<Made> =>
  operator.call<Made & object>('sentinel_generate_wallet_token', { ...wish });
const kidOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as { kid: string }).kid;

export async function publishedKids(lab: LabUnderTest): Promise<string[]> {
  const answer = (await (await fetch(`${lab.url}/.well-known/jwks.json`)).json()) as { keys: Array<{ kid: string }> };
  return answer.keys.map(({ kid }) => kid);
}

interface Work {
  /** Ends it. Nobody was refused. */
  stop(): Promise<void>;
}

/** Calls of several agents by each of these credentials, and turns of another kind, until it is told to stop. */
function working(
  lab: LabUnderTest,
  tokens: readonly string[],
  more?: (call: (token: string) => Promise<void>) => Promise<void>,
): Work {
  const failures: unknown[] = [];
  let [calls, going] = [0, true];
  const tools = ['curator_list_available_datasets', 'architect_list_available_templates', 'chancellor_get_balance'];
  const call = async (token: string): Promise<void> => {
    const tool = tools[calls++ % tools.length] ?? '';
    const { status, isError, body } = await rawCall({ url: lab.url, token }, tool);
    if (status !== 200 || isError) failures.push({ tool, status, body });
  };
  const loop = async (turn: () => Promise<void>): Promise<void> => {
    for (let turns = 0; going && turns < TURNS_MAX; turns += 1) {
      await turn().catch((error: unknown) => failures.push(String(error)));
      await pause(PAUSE_MS);
    }
  };
  const all = [
    ...tokens.map((token) => loop(() => call(token))),
    ...(more === undefined ? [] : [loop(() => more(call))]),
  ];
  return {
    async stop(): Promise<void> {
      going = false;
      await Promise.all(all);
      expect(failures).toEqual([]);
      expect(calls).toBeGreaterThan(20);
    },
  };
}

/** As `working`, with access tokens that were made a moment ago too. */
const workingAnew = (lab: LabUnderTest, operator: LabClient, tokens: readonly string[]): Work =>
  working(lab, tokens, async (call) => {
    const { token } = await make(operator);
    await call(token);
    await call(token);
  });

/** The new key signs, the old one's tokens go on, both are published; nobody was refused on the way. */
export async function signingKeyChanges(lab: LabUnderTest): Promise<void> {
  await using operator = await lab.connect(lab.operatorToken());
  const before = await make(operator);
  const work = workingAnew(lab, operator, [before.token, (await make(operator, { kind: 'client_key' })).token]);
  await pause(500);
  const { keyId, previousKeyId } = await operator.call<Rotated & object>('sentinel_rotate_keys', {
    what: 'signing',
    leadSeconds: 5,
  });
  expect(previousKeyId).toBe(kidOf(before.token));
  await expect.poll(() => publishedKids(lab)).toEqual([keyId, previousKeyId]);
  expect(kidOf((await make(operator)).token)).toBe(previousKeyId);
  await expect.poll(async () => kidOf((await make(operator)).token), { interval: 200 }).toBe(keyId);
  // Replicas, and passes that were kept: all of it turns over meanwhile.
  await pause(2_000);
  await work.stop();
  expect((await rawCall({ url: lab.url, token: before.token }, 'chancellor_get_balance')).status).toBe(200);
}

/** A key that somebody else has is believed no more, within seconds and everywhere; client keys go on, and none is refused. */
export async function signingKeyLeaked(lab: LabUnderTest): Promise<void> {
  await using operator = await lab.connect(lab.operatorToken());
  const { token } = await make(operator);
  const old = await publishedKids(lab);
  // The operator's key among them, as it has passes that were kept.
  const work = working(lab, [lab.operatorToken(), (await make(operator, { kind: 'client_key' })).token]);
  await pause(500);
  const { keyId } = await operator.call<Rotated & object>('sentinel_rotate_keys', { what: 'signing', leaked: true });
  expect(old).not.toContain(keyId);
  await expect.poll(() => publishedKids(lab)).toEqual([keyId]);
  const status = async (credential: string): Promise<number> =>
    (await rawCall({ url: lab.url, token: credential }, 'architect_list_available_templates')).status;
  await expect.poll(() => status(token), { interval: 500 }).toBe(401);
  // A replica that had not looked yet makes a token under the old key; a second later none does.
  const anew = async (): Promise<number> => status((await make(operator)).token);
  await expect.poll(anew, { interval: 200 }).toBe(200);
  await pause(6_000);
  await work.stop();
}

/** Everything is sealed anew while calls go on; data from before is read, the audit log is intact. */
export async function masterKeyChanges(lab: LabUnderTest): Promise<void> {
  await using operator = await lab.connect(lab.operatorToken());
  const { encrypted } = await operator.call<{ encrypted: string }>('sentinel_encrypt_data', { data: 'kept' });
  const work = workingAnew(lab, operator, [(await make(operator)).token]);
  await pause(500);
  const { resealed, lost } = await operator.call<Rotated & object>('sentinel_rotate_keys', { what: 'master' });
  expect(resealed).toBeGreaterThanOrEqual(3);
  expect(lost).toBe(0);
  await work.stop();
  await stillGood(lab, encrypted);
  await lab.crashAndRestart();
  await stillGood(lab, encrypted);
}

async function stillGood(lab: LabUnderTest, encrypted: string): Promise<void> {
  await using operator = await lab.connect(lab.operatorToken());
  expect(await operator.call('sentinel_decrypt_data', { encrypted })).toMatchObject({ data: 'kept' });
  expect(await operator.call('sentinel_audit_verify')).toMatchObject({ intact: true });
}
